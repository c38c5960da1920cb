"""Finding dimension values by what people write for them."""

import difflib

from odoo import api, models, tools
from odoo.fields import Domain
from odoo.tools import SQL


class PartnerDimensionValue(models.Model):
    """Knows every way to write a value: its code, its name in any language, the path of names that leads to it."""

    _inherit = "partner.dimension.value"

    @api.model
    @tools.ormcache("type_id", cache="stable")
    def _ways_to_write(self, type_id):
        """Return {text in small letters: ids (tuple)} for the values of a type, archived ones included."""
        # sudo: for everyone alike; who may see which value is asked afterwards
        values = self.sudo().with_context(active_test=False).search(Domain("type_id", "=", type_id))
        values.flush_recordset()
        names = dict(
            self.env.execute_query(SQL("SELECT id, name FROM partner_dimension_value WHERE type_id = %s", type_id))
        )
        languages = {language for translations in names.values() for language in translations}
        ways = {}
        for value in values:
            above = [names[int(value_id)] for value_id in value.parent_path.split("/")[:-1]]
            texts = {" / ".join(name.get(lang) or name["en_US"] for name in above) for lang in languages}
            # A value may be called as its code, or alike in two languages: it is one value all the same.
            for text in set(map(self._normal_text, {value.code, *names[value.id].values(), *texts})):
                ways.setdefault(text, []).append(value.id)
        return {text: tuple(ids) for text, ids in ways.items()}

    @api.model
    def _normal_text(self, text):
        return " / ".join(part.strip() for part in (text or "").casefold().split(" / "))

    @api.model
    def _find_by_text(self, type_id, text):
        """Return the ids (list) of the values of a type that ``text`` may mean; a code means one value only.

        Retired ones are found where no other is meant, so that a refusal can say what they are.
        """
        ids = self._ways_to_write(type_id).get(self._normal_text(text), ())
        # sudo: archived ones, too; those of companies that the user is not in are none
        found = self.sudo().browse(ids)
        found = found.filtered(lambda value: value.company_id.id in (False, *self.env.companies.ids))
        coded = found.filtered(lambda value: value.code == text.strip())
        return (coded or found.filtered("is_selectable") or found).ids

    @api.model
    def _nearest_codes(self, type_id, text):
        """Return the codes (list) of the values that are written most like ``text``, the nearest first."""
        ways = self._ways_to_write(type_id)
        near = difflib.get_close_matches(self._normal_text(text), ways, n=9, cutoff=0.0)
        # sudo: as above
        values = self.sudo().browse(dict.fromkeys(value_id for way in near for value_id in ways[way]))
        known = values.filtered(
            lambda value: value.is_selectable and value.company_id.id in (False, *self.env.companies.ids)
        )
        return known.mapped("code")
