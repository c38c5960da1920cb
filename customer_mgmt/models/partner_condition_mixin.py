"""Conditions that people type or build: which partners they find, and what is wrong with them in words."""

from ast import literal_eval

import psycopg2

from odoo import SUPERUSER_ID, api, models, tools
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

# What goes wrong with a condition that somebody typed, or whose field or app has gone since.
BAD_CONDITION = (ValueError, SyntaxError, TypeError, KeyError, AttributeError, RecursionError, UserError)


class PartnerConditionMixin(models.AbstractModel):
    """Reads, checks and explains the text of a domain on partners, for every model that keeps one.

    Dimension values, tags and segments all find partners by such a text.
    """

    _name = "partner.condition.mixin"
    _description = "Has a Condition on Partners"

    @api.model
    def _rule_partners(self):
        """Return the partners as rules see them: all of them, the same for whoever sets the rules in motion."""
        root = self.env(user=SUPERUSER_ID, context={})
        return root["res.partner"].with_context(active_test=False, lang=self._rule_lang())

    @api.model
    @tools.ormcache()
    def _rule_lang(self):
        """Return the language in which rules compare names: that of the main company."""
        # sudo: for everyone alike
        return self.env(user=SUPERUSER_ID, context={}).company.partner_id.lang or "en_US"

    @api.model
    def _parse_condition(self, text):
        """Return ``text`` as a Domain; one of ``BAD_CONDITION`` is raised if it is none."""
        return Domain(literal_eval(text))

    # -- what is wrong -----------------------------------------------------------------------------------------------

    def _explain_bad_condition(self, text):
        """Return why ``text`` cannot be searched (str), or None."""
        Partner = self._rule_partners()
        try:
            domain = self._parse_condition(text)
            if reason := self._explain_bad_field(Partner, domain):
                return reason
            query = Partner._search(domain, limit=1)
            with self.env.cr.savepoint():
                self.env.cr.execute(query.select(), log_exceptions=False)
        except (*BAD_CONDITION, psycopg2.DataError, psycopg2.ProgrammingError) as error:
            return self.env._("it is not understood (%s)", error)
        return None

    @api.model
    def _explain_hidden(self, text):
        """Return which field that ``text`` names is hidden from the user (str), who shall not learn it by a rule."""
        try:
            # Constraints run as superuser.
            self.env["res.partner"].sudo(False)._search(self._parse_condition(text))
        except AccessError as error:
            return str(error)
        return None

    @api.model
    def _explain_bad_field(self, Model, domain):
        """Return which field that ``domain`` names is missing on ``Model`` or cannot be searched (str), or None."""
        for condition in domain.iter_conditions():
            comodel = Model
            for name in condition.field_expr.split("."):
                field = comodel._fields.get(name)
                if field is None:
                    return self.env._("there is no field “%(field)s” (%(path)s)", field=name, path=condition.field_expr)
                if not field._description_searchable:
                    return self.env._("the field “%s” cannot be searched", field._description_string(self.env))
                if not field.relational:
                    break  # what follows is a part of a date or a property
                comodel = comodel.env[field.comodel_name]
            if condition.operator in ("any", "not any") and isinstance(condition.value, list | tuple | Domain):
                if reason := self._explain_bad_field(comodel, Domain(condition.value)):
                    return reason
        return None

    # -- what it looks at --------------------------------------------------------------------------------------------

    @api.model
    def _condition_field_names(self, text):
        """Return the fields (set of names) of the partner that a condition names; none of a bad one."""
        try:
            domain = self._parse_condition(text or "[]")
        except BAD_CONDITION:
            return set()
        return {condition.field_expr.split(".")[0] for condition in domain.iter_conditions()}

    @api.model
    def _partner_label(self, name):
        """Return what the field ``name`` of the partner is called (str), the name itself if there is none."""
        field = self.env["res.partner"]._fields.get(name)
        return field._description_string(self.env) if field else name
