"""How many customers have a dimension value."""

from odoo import api, fields, models
from odoo.fields import Domain


class PartnerDimensionValue(models.Model):
    """Counts the customers of a value, and opens them."""

    _inherit = "partner.dimension.value"

    customer_count = fields.Integer(
        string="Customers",
        compute="_compute_customer_count",
        help="How many of those whom the dimension classes, and whom you may see, have this value or one below it. "
        "Archived ones are not counted.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_customer_count(self):
        """Count once per type by the database, then add each count to all values above."""
        self.customer_count = 0
        by_id = {value.id: value for value in self}
        # sudo: what stands below a value belongs to it, visible or not; the customers are counted as the user
        below = self.sudo().with_context(active_test=False).search([("id", "child_of", self.ids)])
        for dimension_type, values in below.grouped("type_id").items():
            for value, count in dimension_type.with_env(self.env)._count_by_value(values.ids):
                for ancestor_id in map(int, value.sudo().parent_path.split("/")[:-1]):
                    if ancestor_id in by_id:
                        by_id[ancestor_id].customer_count += count

    def action_open_customers(self):
        """Open whoever has this value or one below it."""
        self.ensure_one()
        dimension_type = self.type_id
        domain = dimension_type._own_population_domain() & Domain(dimension_type.column, "child_of", self.id)
        return dimension_type._population_action(self.display_name, domain)
