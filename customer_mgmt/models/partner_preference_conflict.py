"""Where what customers do contradicts what they say."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class PartnerPreference(models.Model):
    """Shows contradictions between statements and observations, and leaves both as they are."""

    _inherit = "partner.preference"

    conflict_ids = fields.Many2many(
        "partner.preference",
        string="Contradicted by",
        compute="_compute_conflict_ids",
        help="Of a valid statement: the valid observations about the same target with the opposite sign, and the other "
        "way round.",
    )
    has_conflict = fields.Boolean(
        string="Contradiction",
        compute="_compute_conflict_ids",
        search="_search_has_conflict",
        help="What the customer does contradicts what the customer says.",
    )
    conflict_text = fields.Char(
        string="What Contradicts",
        compute="_compute_conflict_text",
        help="The contradicting preferences, with how we know of them.",
    )

    @api.depends("partner_id", "target_key", "strength_value", "source", "valid_from", "valid_until")
    def _compute_conflict_ids(self):
        known = self.filtered(
            lambda preference: preference.is_current and preference.target_key and preference.strength_value
        )
        domain = (
            Domain("partner_id", "in", known.partner_id.ids)
            & Domain("target_key", "in", list(set(known.mapped("target_key"))))
            & self._current_domain()
        )
        others = self.search(domain) if known else self.browse()
        by_target = others.grouped(lambda other: (other.partner_id, other.target_key))
        for preference in self:
            conflicts = self.browse()
            if preference in known:
                around = by_target.get((preference.partner_id._origin, preference.target_key), conflicts)
                conflicts = around.filtered(preference._is_contradicted_by)
            # sudo: they were found with the user's rights just now; Odoo would ask for these again, one by one
            preference.sudo().conflict_ids = conflicts
            preference.has_conflict = bool(conflicts)

    @api.depends("conflict_ids")
    def _compute_conflict_text(self):
        sources = dict(self._fields["source"]._description_selection(self.env))
        for preference in self:
            preference.conflict_text = "; ".join(
                f"{sources[other.source]}: {other.display_name}" + (f" ({other.evidence})" if other.evidence else "")
                for other in preference.conflict_ids
            )

    def _is_contradicted_by(self, other):
        """Tell whether one of the two is said, the other observed, and they mean opposite things."""
        one_observed = (self.source == "observed") != (other.source == "observed")
        return one_observed and self.strength_value * other.strength_value < 0

    @api.model
    def _search_has_conflict(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        self.flush_model()
        today = fields.Date.context_today(self)
        valid = SQL("said.valid_from <= %s AND (said.valid_until IS NULL OR said.valid_until >= %s)", today, today)
        seen = SQL("seen.valid_from <= %s AND (seen.valid_until IS NULL OR seen.valid_until >= %s)", today, today)
        pairs = SQL(
            "SELECT unnest(ARRAY[said.id, seen.id]) FROM partner_preference said JOIN partner_preference seen "
            "ON seen.partner_id = said.partner_id AND seen.target_key = said.target_key "
            "WHERE said.source != 'observed' AND seen.source = 'observed' "
            "AND said.strength_value * seen.strength_value < 0 AND %s AND %s",
            valid,
            seen,
        )
        return Domain("id", "in", SQL("(%s)", pairs))
