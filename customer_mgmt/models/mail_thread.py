"""Writing on documents whose followers the user may not see."""

from odoo import models
from odoo.exceptions import AccessError


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

    def _explain_blocked_channel(self, channel):
        """Return which customers of these documents must not be contacted by ``channel`` (str), or False."""
        documents = self.exists()._filtered_access("read")
        partners = self.env["res.partner"].union(*documents._mail_get_partners().values())
        if documents._name == "res.partner":
            partners |= documents
        return partners._filtered_access("read")._explain_blocked(channel)
