"""Partners by the segments they are in."""

from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """Lets partners be found by a segment, so that lists filter by it and segments are built of segments."""

    _inherit = "res.partner"

    # Many, so that Odoo does not take "in this one and in that one" for impossible.
    segment_ids = fields.Many2many(
        "partner.segment",
        compute="_compute_segment_ids",
        search="_search_segment_ids",
        exportable=False,
        groups="customer_mgmt.group_customer_own",
        help="To search by only.",
    )

    def _compute_segment_ids(self):
        """Leave it empty: every segment would have to be asked."""
        self.segment_ids = False

    @api.model
    def _search_segment_ids(self, operator, value):
        """Find who is in any of the segments; raise what is wrong with one of them."""
        Segment = self.env["partner.segment"]
        if operator in ("any", "any!"):
            segments = (Segment.sudo() if operator == "any!" else Segment).search(Domain(value))
        elif operator == "in":
            segments = Segment.browse([item for item in value if item])
            if len(segments) < len(list(value)):
                return NotImplemented  # who is in no segment is nothing that one looks for
        else:
            return NotImplemented
        return Domain.OR(segment._searched_domain() for segment in segments)
