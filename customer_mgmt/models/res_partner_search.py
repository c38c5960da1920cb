"""Finding a customer by whatever is known of it, wherever a partner is searched by one text."""

import unicodedata

from odoo import api, models
from odoo.fields import Domain
from odoo.tools.sql import escape_psql

from ..tools import search_key


class ResPartner(models.Model):
    """Extends the search behind every drop-down of partners and behind the search box of the app."""

    _inherit = "res.partner"

    @api.model
    def _search_display_name(self, operator, value):
        """Find customers and their contacts by their search key alone, and all other partners exactly as Odoo does.

        Portal visitors may not read keys, negative searches ask something else: both get Odoo's domain.
        """
        domain = super()._search_display_name(operator, value)
        if not (self.env.su or self.env.user._is_internal()):
            return domain
        if operator in ("ilike", "like") and isinstance(value, str):
            typed = unicodedata.normalize("NFKC", value).strip()
            if typed.startswith("=") and (whole := typed[1:].strip()):
                return self._search_by_key(whole, super()._search_display_name("=", whole), exact=True)
            owners = self._find_visible_number_owners(typed)
            return Domain("id", "in", owners) if owners else self._search_by_key(typed, domain)
        if operator in ("=", "in", "=ilike"):
            # Whoever names a partner exactly (an import, say) may name its number.
            owners = self._find_number_owners(value if operator == "in" else [value])
            return Domain(domain) | Domain("id", "in", owners) if owners else domain
        return domain

    @api.model
    def _search_by_key(self, text, domain, exact=False):
        """Return the domain of a typed ``text``, where ``domain`` is how partners without key are searched."""
        forms = search_key.query_forms(text, exact)
        if not forms:
            return domain
        found = Domain.OR(
            Domain.AND(Domain("partner_search_key", "like", escape_psql(part)) for part in form) for form in forms
        )
        return found | Domain("partner_search_key", "=", False) & Domain(domain)

    @api.model
    def _find_visible_number_owners(self, text):
        """Return the ids of the customers whose whole number ``text`` is, of those that this search may find.

        They are found alone: in a short list they would be lost among all that have the same digits somewhere. Seven
        digits and more can be the end of a telephone number, which must find its owner too.
        """
        if "@" in text or not any(map(str.isdigit, text)) or (text.isdigit() and len(text) >= 7):
            return []
        owners = self._find_number_owners([text])
        return owners and self.search([("id", "in", owners)]).ids
