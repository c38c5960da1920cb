"""The dialog that compares two segments."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..models.partner_condition_mixin import BAD_CONDITION
from ..tools.segment import Overlap, percent


class PartnerSegmentOverlap(models.TransientModel):
    """Says how many two segments share, of those whom the user may see, and opens each part."""

    _name = "partner.segment.overlap"
    _description = "Compare Segments"

    segment_id = fields.Many2one("partner.segment", string="First Segment", required=True, ondelete="cascade")
    applies_to = fields.Selection(related="segment_id.applies_to")
    other_id = fields.Many2one("partner.segment", string="Second Segment", ondelete="cascade")
    size_first = fields.Integer(compute="_compute_sizes", help="How many are in the first segment.")
    size_second = fields.Integer(compute="_compute_sizes", help="How many are in the second segment.")
    both = fields.Integer(compute="_compute_sizes", help="How many are in both segments.")
    only_first = fields.Integer(compute="_compute_sizes", help="Size of the first segment − both.")
    only_second = fields.Integer(compute="_compute_sizes", help="Size of the second segment − both.")
    likeness = fields.Char(
        compute="_compute_sizes",
        help="Jaccard index: in both / in at least one of the two. 100 %: the same people; 0 %: nobody in common; "
        "—: nobody is in either.",
    )
    problem = fields.Char(compute="_compute_sizes", help="Why the two cannot be compared.")

    @api.depends("segment_id", "other_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_sizes(self):
        """Count all parts at once."""
        for wizard in self:
            overlap, wizard.problem = None, False
            if wizard.segment_id and wizard.other_id:
                try:
                    overlap = wizard._overlap()
                except BAD_CONDITION as error:
                    wizard.problem = str(error)
            wizard.size_first = overlap and overlap.first
            wizard.size_second = overlap and overlap.second
            wizard.both = overlap and overlap.both
            wizard.only_first = overlap and overlap.only_first
            wizard.only_second = overlap and overlap.only_second
            wizard.likeness = percent(overlap.jaccard) if overlap else False

    def _overlap(self):
        """Return the Overlap of the two segments, counted by one statement over those whom the user may see."""
        first, second = self.segment_id, self.other_id
        (first | second)._refuse_broken()
        Partner = self.env["res.partner"].with_context(active_test=True)
        queries = [Partner._search([("segment_ids", "=", segment.id)]).subselect() for segment in (first, second)]
        [row] = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FILTER (WHERE a.id IS NOT NULL), count(*) FILTER (WHERE b.id IS NOT NULL),
                       count(*) FILTER (WHERE a.id IS NOT NULL AND b.id IS NOT NULL)
                  FROM %s AS a FULL JOIN %s AS b ON b.id = a.id
                """,
                *queries,
            )
        )
        return Overlap(*row)

    # -- opening the parts -------------------------------------------------------------------------------------------

    def _open_part(self, name, operators):
        """Open whoever is (=) or is not (!=) in each of the two segments."""
        self.ensure_one()
        if not self.other_id:
            raise UserError(self.env._("Compare: the second segment is missing. Choose one."))
        (self.segment_id | self.other_id)._refuse_broken()
        domain = [
            ("segment_ids", operator, segment.id)
            for segment, operator in zip((self.segment_id, self.other_id), operators, strict=True)
            if operator
        ]
        return self.segment_id._partners_action(name, domain)

    def action_open_first(self):
        """Open the first segment."""
        return self._open_part(self.segment_id.name, ("=", None))

    def action_open_second(self):
        """Open the second segment."""
        return self._open_part(self.other_id.name, (None, "="))

    def action_open_both(self):
        """Open whoever is in both."""
        names = {"first": self.segment_id.name, "second": self.other_id.name}
        return self._open_part(self.env._("%(first)s and %(second)s", **names), ("=", "="))

    def action_open_only_first(self):
        """Open whoever is in the first segment alone."""
        names = {"first": self.segment_id.name, "second": self.other_id.name}
        return self._open_part(self.env._("%(first)s without %(second)s", **names), ("=", "!="))

    def action_open_only_second(self):
        """Open whoever is in the second segment alone."""
        names = {"first": self.other_id.name, "second": self.segment_id.name}
        return self._open_part(self.env._("%(first)s without %(second)s", **names), ("!=", "="))
