"""One kind of change in the preview of an evaluation."""

from odoo import fields, models
from odoo.tools import SQL


class PartnerDimensionPreviewLine(models.TransientModel):
    """So many customers would go from this value to that."""

    _name = "partner.dimension.preview.line"
    _description = "Change in the Preview of an Evaluation"
    _order = "count desc, id"
    _rec_name = "preview_id"

    preview_id = fields.Many2one("partner.dimension.preview", required=True, ondelete="cascade")
    from_value_id = fields.Many2one(
        "partner.dimension.value", string="From Value", ondelete="cascade", help="Empty: unclassified."
    )
    to_value_id = fields.Many2one(
        "partner.dimension.value", string="To Value", ondelete="cascade", help="Empty: it would have none any more."
    )
    count = fields.Integer(string="Customers")

    def action_open_partners(self):
        """Show whom this change concerns."""
        self.ensure_one()
        self.check_access("read")
        return self.preview_id._open_partners(
            SQL(
                "current IS NOT DISTINCT FROM %s AND wanted IS NOT DISTINCT FROM %s",
                self.from_value_id.id or None,
                self.to_value_id.id or None,
            )
        )
