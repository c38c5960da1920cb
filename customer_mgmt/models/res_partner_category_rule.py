"""What the rule of a tag says: in words, in SQL, and what is wrong with it."""

import psycopg2

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, Query

from ..tools.job import StatementLimit
from ..tools.rights import CONFIGURATION, PERSONAL
from .partner_condition_mixin import BAD_CONDITION

PARTNER = "res_partner"
RULE_FIELDS = frozenset({"tag_kind", "rule_domain", "rule_applies_to"})


class ResPartnerCategory(models.Model):
    """Keeps rules such that they can be evaluated, and turns each into one SQL table of who should have the tag.

    Preview and runs both ask ``_rule_state_sql``; nothing else knows the rules.
    """

    _inherit = "res.partner.category"

    _expiry_not_negative = models.Constraint(
        "CHECK (expiry_days >= 0)", "Expires after (Days): it cannot be negative. 0 means that the tag stays."
    )

    # -- what is kept between requests -------------------------------------------------------------------------------

    @api.model
    @tools.ormcache(cache="stable")
    def _rule_tag_ids(self):
        """Return the ids (frozenset) of all tags that rules give, archived ones included."""
        # sudo: what people cannot give is the same for everyone
        return frozenset(self.sudo().with_context(active_test=False).search([("tag_kind", "=", "rule")]).ids)

    @api.model_create_multi
    def create(self, vals_list):
        """Let only who configures the customer file make rules."""
        if any(vals.get("tag_kind") == "rule" for vals in vals_list):
            self._check_may_rule()
        tags = super().create(vals_list)
        if any(tag.tag_kind == "rule" for tag in tags):
            self.env.registry.clear_cache("stable")
        return tags

    def write(self, vals):
        """Let only who configures the customer file change rules."""
        if RULE_FIELDS & vals.keys() or ("expiry_days" in vals and "rule" in self.mapped("tag_kind")):
            self._check_may_rule()
        # sudo: for everyone alike
        personal = self.sudo().filtered("is_personal")
        result = super().write(vals)
        if "tag_kind" in vals:
            self.env.registry.clear_cache("stable")
        if RULE_FIELDS & vals.keys() and personal != self.sudo().filtered("is_personal"):
            self._refresh_personal()
        return result

    def unlink(self):
        """Forget the ids of rule tags."""
        result = super().unlink()
        self.env.registry.clear_cache("stable")
        return result

    def _check_may_rule(self):
        if self.env["res.partner"]._is_change_by_person() and not self.env.user.has_group(CONFIGURATION):
            raise AccessError(
                self.env._(
                    "Tags: only who has the right “Customer Configuration” may make or change rules of tags. Ask an "
                    "administrator of the customer file."
                )
            )

    # -- what is wrong -----------------------------------------------------------------------------------------------

    @api.constrains("tag_kind", "rule_domain", "parent_id")
    def _check_rule_domain(self):
        """Refuse a condition that cannot be searched."""
        for tag in self.filtered(lambda tag: tag.tag_kind == "rule"):
            reason = tag._explain_slow() or tag._explain_hidden(tag.rule_domain)
            if reason:
                raise ValidationError(
                    self.env._(
                        "Condition: the one of the tag “%(tag)s” cannot be used: %(reason)s. Correct it, or build it "
                        "anew.",
                        tag=tag.name,
                        reason=reason,
                    )
                )

    def _explain_slow(self):
        """Return why the condition cannot be searched within the time that a step of a run has (str), or None."""
        limit = self.env["partner.tag.run"]._statement_limit
        try:
            with self.env.cr.savepoint(), StatementLimit(self.env.cr, limit):
                return self._explain_bad_condition(self.rule_domain)
        except psycopg2.errors.QueryCanceled:
            return self.env._("to find a customer by it takes more than %g seconds", limit / 1000)

    def _explain_bad_condition(self, text):
        """Refuse also a condition that asks for everybody, or for what this tag itself gives."""
        if reason := super()._explain_bad_condition(text):
            return reason
        if not list(self._parse_condition(text).iter_conditions()):
            return self.env._("it asks for nothing, so everybody would get the tag")
        return self._explain_circle()

    def _explain_circle(self):
        """Return how this tag depends on itself (str), or None."""
        path = self._circle()
        if len(path) == 2:
            return self.env._("it asks for the very tag that it should give")
        if path:
            return self.env._(
                "it asks for tags that ask for this one again (%s)", " → ".join(tag.sudo().name for tag in path)
            )
        return None

    @api.model
    def _explain_hidden(self, text):
        """Refuse also to ask for tags that tell personal facts, where the user may not know these."""
        if reason := super()._explain_hidden(text):
            return reason
        user = self.env["res.partner"].sudo(False)
        if user.env.su or user.env.user.has_group(PERSONAL):
            return None
        if any(tag.is_personal for tag in self._tags_asked_for(text)):
            return self.env._("it asks for a tag that tells personal facts, which you may not see")
        return None

    @api.depends("tag_kind", "rule_domain")
    def _compute_is_personal(self):
        """Whoever looks at a tag that tells a personal fact tells it, too."""
        result = super()._compute_is_personal()
        for tag in self:
            if tag.tag_kind == "rule" and not tag.is_personal:
                tag.is_personal = any(other.is_personal for other in tag._tags_asked_for(tag.rule_domain) - tag)
        return result

    @api.model
    def _refresh_personal(self):
        """Look again which rule tags tell personal facts, because one that others may ask for has changed."""
        # sudo: for everyone alike
        tags = self.sudo().with_context(active_test=False).search([("tag_kind", "=", "rule")])
        for tag in tags._sorted_by_dependency():
            tag._compute_is_personal()

    # -- which tags it looks at --------------------------------------------------------------------------------------

    def _circle(self):
        """Return the tags (list) from this one through those that its condition asks for back to it, [] if none."""
        paths, todo = {self.id: [self]}, [self]
        while todo:
            tag = todo.pop()
            # sudo: rules are the same for everyone
            for other in self._tags_asked_for(tag.sudo().rule_domain):
                if other.id == self.id:
                    return [*paths[tag.id], self]
                if other.id not in paths and other.tag_kind == "rule":
                    paths[other.id] = [*paths[tag.id], other]
                    todo.append(other)
        return []

    @api.model
    def _tags_asked_for(self, text):
        """Return the tags that a condition asks for, of whomever it asks (the company of a contact, say)."""
        try:
            domain = self._parse_condition(text or "[]")
            return self._tags_in(self._rule_partners(), domain)
        except BAD_CONDITION:
            return self._all_tags()

    @api.model
    def _all_tags(self):
        # sudo: rules are the same for everyone; names are compared as they compare them
        return self._rule_partners().env["res.partner.category"].with_context(active_test=False, lang=self._rule_lang())

    @api.model
    def _tags_in(self, Model, domain):
        """Return the tags that ``domain`` on ``Model`` asks for."""
        tags = self._all_tags()
        for condition in domain.iter_conditions():
            comodel, names = Model, condition.field_expr.split(".")
            while names and comodel._name != self._name:
                field = comodel._fields.get(names.pop(0))
                if field is None or not field.relational:
                    break
                comodel = comodel.env[field.comodel_name]
            else:
                value = condition.value
                if comodel._name == self._name:
                    tags |= self._tags_meant(".".join(names), condition.operator, value)
                elif condition.operator in ("any", "not any") and isinstance(value, list | tuple | Domain):
                    tags |= self._tags_in(comodel, Domain(value))
        return tags

    @api.model
    def _tags_meant(self, path, operator, value):
        """Return the tags that ``operator`` and ``value`` mean, whether a partner shall have them or not."""
        operator = {"!=": "="}.get(operator, operator.removeprefix("not "))
        values = value if isinstance(value, list | tuple | set | frozenset) else [value]
        tags = self._all_tags()
        if operator == "any":
            return tags.search(Domain(path, "any", value) if path else Domain(value))
        if path:
            return tags.search(Domain(path, operator, value))
        if not values or any(not one for one in values):
            return tags.search(Domain.TRUE)  # whether there is any tag at all
        if operator in ("child_of", "parent_of") or all(isinstance(one, int) for one in values):
            return tags.search(Domain("id", operator, value))
        return tags.search(Domain("display_name", operator, value))

    def _sorted_by_dependency(self):
        """Return these tags such that each comes after those that its condition asks for."""
        # sudo: as above
        waiting = {tag.id: set(self._tags_asked_for(tag.rule_domain).ids) - {tag.id} for tag in self.sudo()}
        result = []
        while waiting:
            ready = [tag_id for tag_id, others in waiting.items() if others.isdisjoint(waiting)]
            for tag_id in ready or list(waiting):
                result.append(tag_id)
                del waiting[tag_id]
        return self.browse(result)

    # -- in SQL ------------------------------------------------------------------------------------------------------

    def _is_evaluated(self):
        """Tell whether runs look at this tag."""
        return self.active and self.tag_kind == "rule"

    def _rule_partners(self):
        """Count days as the main company does."""
        Partner = super()._rule_partners()
        return Partner.with_context(tz=Partner.env.company.partner_id.tz or "UTC")

    def _rule_population(self):
        """Return the Domain of those among whom the rule looks."""
        Type = self.env["partner.dimension.type"]
        kinds = ("customer", "contact") if self.rule_applies_to == "both" else (self.rule_applies_to,)
        return Domain.OR(Type._population_domain(kind) for kind in kinds)

    @api.model
    def _holders_table(self):
        """Return the table (SQL) of who has which tag: partner_id, category_id."""
        return SQL.identifier(self._fields["partner_ids"].relation)

    def _rule_state_sql(self, ids):
        """Return SQL of a table with a row for each partner of ``ids`` (SQL of a sub-select). Flush before.

        ``met``: the condition is met; ``held``: the partner has the tag; ``entry_id``: its open entry; ``waiting``: the
        tag has expired and the condition has not ended since; ``wanted``: the partner should have the tag.
        """
        # sudo: rules are the same for everyone
        tag = self.sudo()
        # Who has a tag that everybody sees must not be decided by what not everybody may know.
        Partner = self._rule_partners().with_context(without_personal=not tag.is_personal)
        domain = tag._rule_population() & self._parse_condition(tag.rule_domain)
        query = Query(Partner.env, PARTNER, SQL.identifier(PARTNER))
        met = domain.optimize_full(Partner)._to_sql(Partner, PARTNER, query)
        partner_id = SQL.identifier(PARTNER, "id")
        query.add_where(SQL("%s IN %s", partner_id, ids))
        query.add_join(
            "LEFT JOIN",
            "holder",
            self._holders_table(),
            SQL("holder.partner_id = %s AND holder.category_id = %s", partner_id, tag.id),
        )
        query.add_join(
            "LEFT JOIN",
            "entry",
            "partner_tag_assignment",
            SQL("entry.partner_id = %s AND entry.category_id = %s AND entry.until IS NULL", partner_id, tag.id),
        )
        expired, waiting = SQL("FALSE"), SQL("FALSE")
        if tag.expiry_days:
            since = fields.Datetime.subtract(fields.Datetime.now(), days=tag.expiry_days)
            expired = SQL("COALESCE(entry.since <= %s, FALSE)", since)
            waiting = SQL(
                "EXISTS (SELECT FROM partner_tag_assignment past "
                "WHERE past.partner_id = %s AND past.category_id = %s AND past.has_expired)",
                partner_id,
                tag.id,
            )
        columns = query.select(
            SQL("%s AS partner_id", partner_id),
            SQL("COALESCE(%s, FALSE) AS met", met),
            SQL("holder.partner_id IS NOT NULL AS held"),
            SQL("entry.id AS entry_id"),
            SQL("%s AS expired", expired),
            SQL("%s AS waiting", waiting),
        )
        return SQL("(SELECT *, met AND NOT (waiting OR expired) AS wanted FROM (%s) AS looked)", columns)

    # -- in words ----------------------------------------------------------------------------------------------------

    def _rule_reason(self):
        """Return which rule gives the tag (str), for the history and for messages."""
        # sudo: the reason is no secret to whoever sees the tag
        tag = self.sudo()
        return self.env._("Rule of “%(tag)s”: %(fields)s", tag=tag.name, fields=tag._rule_labels())

    def _rule_labels(self):
        """Return what the fields that the condition names are called (str)."""
        names = self._condition_field_names(self.rule_domain)
        return ", ".join(sorted(self._partner_label(name) for name in names))
