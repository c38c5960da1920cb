"""Whom a dialog of the customers' list is about."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ResPartner(models.Model):
    """Finds the partners behind a selection in a list, which may stand for everything that the list's filter finds."""

    _inherit = "res.partner"

    def _selection_or_filter(self):
        """Return (partners, whether they are all that the filter in the context finds), as far as the user may read.

        A client sends no more ids than Odoo's limit, and the filter beside them.
        """
        if not self:
            raise UserError(self.env._("Customers: nothing is selected. Select at least one in the list."))
        # sudo: the limit that the client was told, too
        limit = int(self.env["ir.config_parameter"].sudo().get_param("web.active_ids_limit", "20000"))
        domain = self.env.context.get("active_domain")
        if domain is not None and len(self) >= limit:
            return self.search(self._check_filter(domain), order="id"), True
        return self.with_context(active_test=False).search([("id", "in", self.ids)], order="id"), False

    @api.model
    def _check_filter(self, domain):
        """Return ``domain`` (as a client sent it) as a Domain on partners, or refuse it."""
        try:
            domain = Domain(domain)
            domain.validate(self.env["res.partner"])
        except (ValueError, TypeError, KeyError) as error:
            raise UserError(
                self.env._(
                    "The filter of the list cannot be read (%s). Reload the page, then select the customers again.",
                    error,
                )
            ) from error
        return domain
