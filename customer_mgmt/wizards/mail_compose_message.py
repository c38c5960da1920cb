"""Writing messages in the large composer."""

from odoo import api, fields, models


class MailComposeMessage(models.TransientModel):
    """Warns before a message goes to somebody who refuses e-mail."""

    _inherit = "mail.compose.message"

    do_not_contact_warning = fields.Char(
        compute="_compute_do_not_contact_warning",
        help="Who of the recipients and followers must not be contacted by e-mail.",
    )

    @api.depends("partner_ids", "composition_mode", "subtype_id", "notify_skip_followers", "model", "res_ids")
    def _compute_do_not_contact_warning(self):
        for composer in self:
            by_mail = composer.composition_mode == "comment" and not composer.subtype_is_log
            partners = composer.partner_ids._origin if by_mail else self.env["res.partner"]
            if by_mail and not composer.notify_skip_followers:
                partners |= composer._following_customers()
            composer.do_not_contact_warning = partners._filtered_access("read")._explain_blocked("email")

    def _following_customers(self):
        """Return the followers of the documents written about: a reply goes to them too."""
        if self.model not in self.env or "message_follower_ids" not in self.env[self.model]._fields:
            return self.env["res.partner"]
        documents = self.env[self.model].browse(self._evaluate_res_ids()).exists()
        return documents._filtered_access("read")._customers_notified(self.subtype_id)
