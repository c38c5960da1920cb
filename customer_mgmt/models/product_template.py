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
    refused_count = fields.Integer(
        string="Refused by",
        compute="_compute_liked_count",
        groups="customer_mgmt.group_customer_own",
        help="As “Liked by”, with preferences from “Dislikes” downwards.",
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
        by_product = Preference._customers_by_target("product_id", products.ids)
        above = {category_id for path in categories.values() for category_id in path}
        by_category = Preference._customers_by_target("product_category_id", list(above))
        for template in self:
            variants = template.with_context(active_test=False).product_variant_ids
            likes, refuses = set(), set()
            for customers in (
                *(by_product.get(variant_id) for variant_id in variants.ids),
                *(by_category.get(category_id) for category_id in categories.get(template.categ_id, ())),
            ):
                if customers:
                    likes |= customers[0]
                    refuses |= customers[1]
            template.liked_count = len(likes)
            template.refused_count = len(refuses)

    def action_open_liking_customers(self):
        """Open the customers who like these products."""
        self.check_access("read")
        categories = self.env["product.category"].search([("id", "parent_of", self.categ_id.ids)])
        return self.env["res.partner"]._action_open_liking(
            self.with_context(active_test=False).product_variant_ids, categories
        )
