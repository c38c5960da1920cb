"""Who may make new tags."""

from odoo import api, models
from odoo.exceptions import AccessError


class ResPartnerCategory(models.Model):
    """Makes “create on the fly” a right of its own among the users of the customer file.

    Whoever does not work in the customer file keeps what Odoo allows. The client offers “Create” by the same answer.
    """

    _inherit = "res.partner.category"

    @api.model
    def _may_create_tags(self):
        user = self.env.user
        return (
            self.env.su
            or user.has_group("customer_mgmt.group_customer_tag")
            or not user.has_group("customer_mgmt.group_customer_own")
        )

    def _check_access(self, operation):
        """Refuse to create in words of our own."""
        if operation == "create" and not self._may_create_tags():
            return self, self._make_create_error
        return super()._check_access(operation)

    def _make_create_error(self):
        return AccessError(
            self.env._(
                "Tags: you may give the tags that there are, but not make new ones. Choose one of them, or ask "
                "somebody with the right “Create Tags”."
            )
        )
