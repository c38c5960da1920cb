"""Searching partners by tags that not everybody may know."""

from odoo import api, models
from odoo.fields import Domain

from ..tools.rights import PERSONAL

# Conditions on ids, which Odoo answers without looking at the tags themselves; the others search these as the user.
BY_ID = {"in": "in", "not in": "in", "=": "in", "!=": "in", "child_of": "child_of", "parent_of": "parent_of"}


class ResPartner(models.Model):
    """Keeps a search by the number of a personal tag (a birthday, say) from telling what the tag itself hides."""

    _inherit = "res.partner"

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Look for tags among those that the user may see."""
        if not (self.env.su or bypass_access):
            domain = Domain(domain)
            if any(condition.field_expr == "category_id" for condition in domain.iter_conditions()):
                domain = self._without_hidden_tags(domain)
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    @api.model
    def _without_hidden_tags(self, domain):
        """Return ``domain`` as it is for whoever may know all tags, else with its tags looked up as the user."""
        if self.env.user.has_group(PERSONAL) or not self.env["res.partner.category"]._has_personal():
            return domain
        return domain.map_conditions(self._among_visible_tags)

    @api.model
    def _among_visible_tags(self, condition):
        """Return ``condition``, on the tags where it names some by number, as one that asks the tags themselves."""
        operator = BY_ID.get(condition.operator)
        if condition.field_expr != "category_id" or not operator:
            return condition
        values = condition.value if isinstance(condition.value, list | tuple | set | frozenset) else [condition.value]
        ids = [value for value in values if isinstance(value, int) and not isinstance(value, bool)]
        if not ids:
            return condition  # “has no tag”, or a name, which Odoo looks up as the user
        named = Domain("category_id", "any", Domain("id", operator, ids))
        empty = Domain("category_id", "=", False) if False in values else Domain.FALSE
        found = named | empty
        return ~found if condition.operator in ("not in", "!=") else found
