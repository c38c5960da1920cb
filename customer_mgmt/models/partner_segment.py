"""Groups of customers or contacts that have a name and a condition, or that somebody has put together."""

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.job import StatementLimit
from .partner_condition_mixin import BAD_CONDITION

FORM_LIMIT = 10_000  # milliseconds that the count on a form may take


class PartnerSegment(models.Model):
    """A named group of customers, or of contact persons, to be opened, counted, compared and handed on.

    Live: whoever meets the condition now. Frozen: whoever was in it when it was frozen, or was put in by hand.
    What segments have to do with each other is in partner_segment_use.py, freezing in partner_segment_member.py, sizes
    in partner_segment_count.py, what is done with a segment in partner_segment_action.py.
    """

    _name = "partner.segment"
    _inherit = ["partner.condition.mixin"]
    _description = "Segment"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    description = fields.Text(translate=True, help="What the segment is for.")
    owner_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        default=lambda self: self.env.user,
        ondelete="set null",
        domain=[("share", "=", False)],
        help="Looks after the segment, and is told when it cannot be counted.",
    )
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        default=lambda self: self.env.company,
        ondelete="cascade",
        help="Only its customers, and those of no company, are in the segment. Empty: those of all companies.",
    )
    applies_to = fields.Selection(
        [("customer", "Customers"), ("contact", "Contacts")],
        string="Consists of",
        required=True,
        default="customer",
        help="Contacts: the contact persons of customers.",
    )
    mode = fields.Selection(
        [("live", "Live"), ("frozen", "Frozen")],
        required=True,
        default="live",
        help="Live: whoever meets the condition now. Frozen: who was in it when it was frozen, and who was put in by "
        "hand.",
    )
    domain = fields.Char(string="Condition", required=True, default="[]", help="Who is in the segment.")
    population = fields.Char(compute="_compute_population", help="All whom the condition is asked of.")
    problem = fields.Char(
        compute="_compute_member_count", help="Why the segment cannot be used now. Empty: nothing is wrong with it."
    )
    member_count = fields.Integer(
        string="Size Now",
        compute="_compute_member_count",
        help="How many of those whom you may see are in the segment now. Archived ones are not counted.",
    )

    # -- what it may be ----------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Leave out the spaces around names."""
        return super().create([self._clean(vals) for vals in vals_list])

    def write(self, vals):
        """Refuse another condition for what is frozen: the one it was frozen with stays readable."""
        vals = self._clean(vals)
        if "domain" in vals and vals.get("mode") != "live":
            changed = self.filtered(lambda segment: segment.mode == "frozen" and segment.domain != vals["domain"])
            if changed:
                raise UserError(
                    self.env._(
                        "Condition: “%s” is frozen, its condition says how it was made. Make it live again first.",
                        changed[0].name,
                    )
                )
        return super().write(vals)

    @api.model
    def _clean(self, vals):
        if isinstance(vals.get("name"), str):
            vals = {**vals, "name": vals["name"].strip()}
        if vals.get("domain", True) in ("", False):
            vals = {**vals, "domain": "[]"}
        return vals

    def copy_data(self, default=None):
        """Give the copy a name of its own, and to whoever makes it."""
        vals_list = super().copy_data(default)
        for segment, vals in zip(self, vals_list, strict=True):
            if not (default or {}).get("name"):
                vals["name"] = self.env._("%s (copy)", segment.name)
            if not (default or {}).get("owner_id"):
                vals["owner_id"] = self.env.uid
        return vals_list

    @api.constrains("name")
    def _check_name(self):
        """Refuse a name that says nothing."""
        if any(not (segment.name or "").strip() for segment in self):
            raise ValidationError(self.env._("Segment: the name is empty. Say who is in it."))

    @api.constrains("domain", "applies_to", "mode")
    def _check_domain(self):
        """Refuse a condition that cannot be searched, or that asks for what the user may not know."""
        for segment in self:
            if reason := segment._explain_bad_condition(segment.domain):
                raise ValidationError(segment._refusal(reason))
            if hidden := segment._explain_hidden(segment.domain):
                # What follows in the next lines is for developers.
                raise AccessError(segment._refusal(hidden.splitlines()[0].rstrip(".")))

    def _refusal(self, reason):
        return self.env._(
            "Condition: the one of the segment “%(segment)s” cannot be used: %(reason)s. Correct it, or build it anew.",
            segment=self.name,
            reason=reason,
        )

    # -- who is in it ------------------------------------------------------------------------------------------------

    def _population_domain(self):
        """Return all of whom the condition is asked."""
        domain = Domain(self.env["partner.dimension.type"]._population_domain(self.applies_to or "customer"))
        if self.company_id:
            domain &= Domain("company_id", "in", [self.company_id.id, False])
        return domain

    def _segment_domain(self):
        """Return the one Domain of who is in this segment; one of ``BAD_CONDITION`` is raised if it is broken."""
        self.ensure_one()
        segment = self.sudo()  # sudo: whoever has been given a segment may learn whom it means, not how
        if segment.mode == "live":
            return segment._population_domain() & self._parse_condition(segment.domain or "[]")
        members = SQL(
            "(SELECT partner_id FROM partner_segment_member_rel WHERE segment_id = %s)", segment._origin.id or 0
        )
        return segment._population_domain() & Domain("id", "in", members)

    def _searched_domain(self):
        """Return who is in this segment, for a search by whoever may read it."""
        # sudo: to tell what is gone from what is hidden
        if not self.sudo().exists():
            raise UserError(self.env._("Segment: it does not exist any more. Choose another one."))
        if not self._filtered_access("read"):
            raise AccessError(self.env._("Segment: you may not use it. Choose another one."))
        segment = self.sudo()
        reason = segment.mode == "live" and segment._explain_structure(segment.domain)
        if reason:
            raise UserError(self._problem_text(reason))
        return segment._segment_domain()

    def _explain_problem(self):
        """Return why this segment cannot be used (str), or None; what is frozen needs its condition no more."""
        return self._explain_bad_condition(self.domain or "[]") if self.mode == "live" else None

    def _problem_text(self, reason):
        """Return what to tell people of a segment that is broken for ``reason``."""
        return self.env._(
            "Segment: “%(segment)s” cannot be used: %(reason)s. Correct its condition.",
            segment=self.sudo().name,  # sudo: whoever asks for it knows it
            reason=reason,
        )

    def _refuse_broken(self):
        """Raise what is wrong with these segments before something is done with them."""
        for segment in self:
            if reason := segment._explain_problem():
                raise UserError(segment._problem_text(reason))

    @api.depends("applies_to", "company_id")
    def _compute_population(self):
        for segment in self:
            segment.population = repr(list(segment._population_domain()))

    @api.depends("domain", "mode", "applies_to", "company_id", "member_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_member_count(self):
        """Count as the user, one by one: this is for a form, lists show the last counted size instead."""
        for segment in self:
            segment.member_count, reason = segment._count_or_explain()
            segment.problem = segment._problem_text(reason) if reason else False

    def _count_or_explain(self):
        """Return (how many the user finds in this segment, why that cannot be said or None)."""
        try:
            with self.env.cr.savepoint(), StatementLimit(self.env.cr, FORM_LIMIT):
                reason = self._explain_problem()
                return (0, reason) if reason else (self._count_members(), None)
        except psycopg2.errors.QueryCanceled:
            return 0, self._too_long(FORM_LIMIT)
        except BAD_CONDITION as error:  # a field that the user may not see
            return 0, str(error)

    def _too_long(self, limit):
        return self.env._("it takes too long: more than %g seconds", limit / 1000)

    def _count_members(self):
        """Return how many are in this segment, of those whom the user may see."""
        if self.mode == "frozen" and not self._origin:
            return len(self.member_ids)
        return self.env["res.partner"].with_context(active_test=True).search_count(self._segment_domain())
