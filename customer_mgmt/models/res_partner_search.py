"""Finding a customer by number, wherever a partner is searched by one text."""

from odoo import api, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """Extends the search behind every drop-down of partners and behind the search box of the app."""

    _inherit = "res.partner"

    @api.model
    def _search_display_name(self, operator, value):
        """Find by customer number too, without making any other search slower.

        A text that is a whole number of a customer finds that customer alone, through the index. A text with a digit in
        it finds numbers that begin with it, besides what Odoo finds. Any other text is searched as Odoo does.
        """
        domain = super()._search_display_name(operator, value)
        if not self._may_be_customer_number(operator, value):
            return domain
        number = self._clean_number(value)
        whole = Domain("customer_number", "=", number)
        if self.search_count(whole, limit=1):
            return whole
        if operator == "ilike":
            escaped = number.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
            return Domain(domain) | Domain("customer_number", "=like", f"{escaped}%")
        return domain

    @api.model
    def _may_be_customer_number(self, operator, value):
        """Tell whether to look at numbers: for a text with a digit, no e-mail address, asked by an internal user.

        A portal visitor may not read numbers; with a condition on the number the whole search would be refused.
        """
        if operator not in ("ilike", "=ilike", "=") or not isinstance(value, str) or "@" in value:
            return False
        return any(map(str.isdigit, value)) and (self.env.su or self.env.user._is_internal())
