"""Who likes a product."""

from odoo import api, fields, models


class ProductTemplate(models.Model):
    """Leads from a product to the customers who like it."""

    _inherit = "product.template"

    liked_count = fields.Integer(
        string="Liked by",
        compute="_compute_liked_count",
        groups="customer_mgmt.group_customer_own",
        help="Customers with a valid preference from “Likes” upwards, their own or one of their contacts', for this "
        "product, one of its variants, its category or one above.",
    )

    @api.depends("product_variant_ids", "categ_id")
    def _compute_liked_count(self):
        """Count for all products by two queries: by product and by category."""
        Preference = self.env["partner.preference"]
        products = self.with_context(active_test=False).product_variant_ids
        categories = {
            category: [int(part) for part in category.parent_path.split("/")[:-1]]
            for category in self.categ_id
            if category.parent_path
        }
        domain = Preference._liking_domain()
        by_product = Preference._customers_by("product_id", domain, products.ids)
        above = {category_id for path in categories.values() for category_id in path}
        by_category = Preference._customers_by("product_category_id", domain, list(above))
        for template in self:
            variants = template.with_context(active_test=False).product_variant_ids
            customers = set().union(
                *(by_product.get(variant_id, ()) for variant_id in variants.ids),
                *(by_category.get(category_id, ()) for category_id in categories.get(template.categ_id, ())),
            )
            template.liked_count = len(customers)

    def action_open_liking_customers(self):
        """Open the customers who like these products."""
        self.check_access("read")
        categories = self.env["product.category"].search([("id", "parent_of", self.categ_id.ids)])
        return self.env["res.partner"]._action_open_liking(
            self.with_context(active_test=False).product_variant_ids, categories
        )
