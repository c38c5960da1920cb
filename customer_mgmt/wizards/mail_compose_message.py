"""Writing messages in the large composer."""

from odoo import api, fields, models


class MailComposeMessage(models.TransientModel):
    """Warns before a message goes to somebody who refuses e-mail."""

    _inherit = "mail.compose.message"

    do_not_contact_warning = fields.Char(
        compute="_compute_do_not_contact_warning", help="Who of the recipients must not be contacted by e-mail."
    )

    @api.depends("partner_ids", "composition_mode", "subtype_id")
    def _compute_do_not_contact_warning(self):
        for composer in self:
            by_mail = composer.composition_mode == "comment" and not composer.subtype_is_log
            partners = composer.partner_ids._origin if by_mail else self.env["res.partner"]
            composer.do_not_contact_warning = partners._filtered_access("read")._explain_blocked("email")
