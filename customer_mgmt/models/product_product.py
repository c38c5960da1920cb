"""Who likes a variant of a product."""

from odoo import models


class ProductProduct(models.Model):
    """Leads from a variant to the customers who like the product."""

    _inherit = "product.product"

    def action_open_liking_customers(self):
        """Open the customers who like the products of these variants."""
        return self.product_tmpl_id.action_open_liking_customers()
