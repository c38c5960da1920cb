"""Codes by which imports and reports know records of a list."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PartnerCodeMixin(models.AbstractModel):
    """Refuses a code that is taken, before anything is written: the index would say so with an error in the log.

    The concrete model has the unique index on (``_code_scope``, code).
    """

    _name = "partner.code.mixin"
    _description = "Has a Code"

    _code_scope = None  # the many2one within which codes are unique; None: within the model

    code = fields.Char(copy=False, help="A short, stable key for imports and reports. Unique.")

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse codes that are taken, also twice among the new records."""
        coded = [vals for vals in vals_list if vals.get("code")]
        self.browse()._refuse_taken_codes([(vals.get(self._code_scope), vals["code"]) for vals in coded])
        return super().create(vals_list)

    def write(self, vals):
        """Refuse a code that is taken."""
        if vals.get("code"):
            scopes = [record[self._code_scope].id if self._code_scope else None for record in self]
            self._refuse_taken_codes([(vals.get(self._code_scope) or scope, vals["code"]) for scope in scopes])
        return super().write(vals)

    def _refuse_taken_codes(self, wanted):
        """Refuse ``wanted`` [(scope id or None, code)] if another record has one of them, or if one is there twice."""
        if not wanted:
            return
        # sudo: a code is taken also by a record that the user may not see
        others = (
            self.sudo()
            .with_context(active_test=False)
            .search([("code", "in", [code for _scope, code in wanted]), ("id", "not in", self.ids)])
        )
        taken = {(other[self._code_scope].id if self._code_scope else None, other.code): other for other in others}
        for key in wanted:
            if key in taken:
                raise ValidationError(
                    self.env._(
                        "Code: “%(code)s” already belongs to “%(other)s”. Choose another code.",
                        code=key[1],
                        other=taken[key].display_name or self.env._("another one of this list"),
                    )
                )
            taken[key] = self.browse()
