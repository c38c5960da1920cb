"""Models that go with the app that had them."""

from odoo import models
from odoo.tools import SQL
from odoo.tools.sql import column_exists


class IrModel(models.Model):
    """Lets dimension values not stand for records of a model that is gone: Odoo could not even read them."""

    _inherit = "ir.model"

    def unlink(self):
        """Keep the values, which customers have; they stand for nothing any more."""
        # When our own app goes, its columns have gone before its models.
        if column_exists(self.env.cr, "partner_dimension_value", "source_ref"):
            Value = self.env["partner.dimension.value"]
            Value.flush_model(["source_ref"])
            self.env.cr.execute(
                SQL(
                    "UPDATE partner_dimension_value SET source_ref = NULL "
                    "WHERE split_part(source_ref, ',', 1) = ANY(%s)",
                    self.mapped("model"),
                )
            )
            Value.invalidate_model(["source_ref"])
        return super().unlink()
