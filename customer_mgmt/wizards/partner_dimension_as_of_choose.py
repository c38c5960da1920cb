"""The dialog that asks for the day of an as-of analysis."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PartnerDimensionAsOfChoose(models.TransientModel):
    """Asks for a day and up to two dimensions, and opens the customers as they were (partner.dimension.as.of)."""

    _name = "partner.dimension.as.of.choose"
    _description = "Choose a Day for the Analysis"
    _rec_name = "date"

    date = fields.Date(
        string="Day",
        required=True,
        default=lambda self: self.env["partner.dimension.as.of"]._today(),
        help="The analysis shows what held at the end of this day, in the company's time zone.",
    )
    row_type_id = fields.Many2one(
        "partner.dimension.type",
        string="Rows",
        default=lambda self: self._default_type(0),
        domain="[('applies_to', '=', 'customer')]",
        ondelete="cascade",
        help="The dimension whose values stand one below the other.",
    )
    column_type_id = fields.Many2one(
        "partner.dimension.type",
        string="Columns",
        default=lambda self: self._default_type(1),
        domain="[('applies_to', '=', 'customer'), ('id', '!=', row_type_id)]",
        ondelete="cascade",
        help="The dimension whose values stand side by side. Empty: only the totals.",
    )

    @api.model
    def _default_type(self, place):
        """Return the type (record, empty if there are fewer) at ``place`` among those of customers."""
        return self.env["partner.dimension.type"].search([("applies_to", "=", "customer")], offset=place, limit=1)

    @api.constrains("date")
    def _check_date(self):
        """Refuse a day that has not come yet."""
        today = self.env["partner.dimension.as.of"]._today()
        for choice in self:
            if choice.date > today:
                raise ValidationError(
                    self.env._(
                        "Day: %(day)s lies in the future. Choose %(today)s or an earlier day.",
                        day=choice.date,
                        today=today,
                    )
                )

    @api.constrains("row_type_id", "column_type_id")
    def _check_types(self):
        """Refuse the same dimension twice, and one that is hidden: the dialog offers neither, an RPC could send it."""
        for choice in self:
            if choice.row_type_id and choice.row_type_id == choice.column_type_id:
                raise ValidationError(
                    self.env._(
                        "Columns: “%s” stands in the rows already. Choose another dimension, or none.",
                        choice.row_type_id.name,
                    )
                )
            for dimension_type in choice.row_type_id | choice.column_type_id:
                if not dimension_type.active:
                    raise ValidationError(
                        self.env._("Rows, Columns: “%s” is archived. Choose another dimension.", dimension_type.name)
                    )

    def action_open(self):
        """Open the analysis of the day, grouped by the dimensions chosen."""
        self.ensure_one()
        rows, columns = (
            [dimension_type.column] if dimension_type else []
            for dimension_type in (self.row_type_id, self.column_type_id)
        )
        action = self.env["ir.actions.act_window"]._for_xml_id("customer_mgmt.partner_dimension_as_of_action")
        action["name"] = action["display_name"] = self.env._("As of %s", fields.Date.to_string(self.date))
        action["context"] = {
            "dimension_as_of": fields.Date.to_string(self.date),
            "pivot_row_groupby": rows,
            "pivot_column_groupby": columns,
            "graph_groupbys": rows + columns,
        }
        return action
