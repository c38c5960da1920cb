"""Whom a document of any model is about, and whether that person may be contacted."""

from odoo import models


class Base(models.AbstractModel):
    """Answers for documents of every model, as activities can be planned on those without messages too."""

    _inherit = "base"

    def _partners_to_contact(self):
        """Return {document id: partners} of those of these documents and partners that the user may read."""
        documents = self.exists()._filtered_access("read")
        partners = documents._mail_get_partners()
        if self._name == "res.partner":
            partners = {document.id: document | partners[document.id] for document in documents}
        readable = set(self.env["res.partner"].union(*partners.values())._filtered_access("read")._ids)
        return {
            document_id: group.filtered(lambda partner: partner.id in readable)
            for document_id, group in partners.items()
        }

    def _explain_blocked_channel(self, channel):
        """Return which customers of these documents must not be contacted by ``channel`` (str), or False."""
        return self.env["res.partner"].union(*self._partners_to_contact().values())._explain_blocked(channel)
