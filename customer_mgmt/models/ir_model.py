"""Models that go with the app that had them."""

from odoo import models
from odoo.tools import SQL


class IrModel(models.Model):
    """Lets dimension values not stand for records of a model that is gone: Odoo could not even read them."""

    _inherit = "ir.model"

    def unlink(self):
        """Keep the values, which customers have; they stand for nothing any more."""
        if "partner.dimension.value" in self.env:
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
