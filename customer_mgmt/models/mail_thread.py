"""Writing on documents whose followers the user may not see."""

from odoo import models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class MailThread(models.AbstractModel):
    """Keeps “Send message” working on every document while the visibility policy hides some customers."""

    _inherit = "mail.thread"

    def _message_get_suggested_recipients_batch(self, *args, **kwargs):
        """Suggest the recipients whom the user may see; one hidden follower would keep the composer from opening."""
        try:
            return super()._message_get_suggested_recipients_batch(*args, **kwargs)
        except AccessError:
            self.check_access("read")
        # sudo: only to get past the followers the user may not see, who are taken out of the answer; nobody is created
        suggested = super(MailThread, self.sudo())._message_get_suggested_recipients_batch(
            *args, **(kwargs | {"no_create": True})
        )
        ids = [recipient["partner_id"] for recipients in suggested.values() for recipient in recipients]
        visible = set(self.env["res.partner"].browse(filter(None, ids))._filtered_access("read").ids) | {False}
        return {
            record_id: [recipient for recipient in recipients if recipient["partner_id"] in visible]
            for record_id, recipients in suggested.items()
        }

    def _customers_notified(self, subtype):
        """Return the partners outside the house who get an e-mail of each message of ``subtype`` here: followers."""
        if not (self and subtype):
            return self.env["res.partner"]
        # sudo: followers of documents that the user may read; our own users get no e-mail as customers
        followers = self.env["mail.followers"].sudo()
        domain = (
            Domain("res_model", "=", self._name)
            & Domain("res_id", "in", self.ids)
            & Domain("subtype_ids", "in", subtype.ids)
            & Domain("partner_id.partner_share", "=", True)
        )
        return followers.search(domain).partner_id.with_env(self.env)
