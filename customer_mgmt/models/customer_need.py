"""What a customer is looking for."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerNeed(models.Model):
    """One thing a customer wants, with its budget: recorded in a conversation, before there is an opportunity.

    A product, a product category or a free text; what matters is that somebody else can act on it.
    """

    _name = "customer.need"
    _description = "Customer Need"
    _inherit = ["partner.part.mixin"]
    _order = "is_open DESC, priority DESC, date_wanted, id DESC"
    _rec_names_search = ["name", "product_id", "product_category_id"]

    partner_id = fields.Many2one(string="Customer")
    contact_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="set null",
        domain="[('parent_id', '=', partner_id)]",
        help="The person who said so.",
    )
    name = fields.Char(string="Description", help="In the customer's own words, or what no product stands for.")
    product_id = fields.Many2one("product.product", index="btree_not_null", ondelete="restrict")
    product_category_id = fields.Many2one(
        "product.category",
        compute="_compute_product_category_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Filled in from the product; chosen by hand while no product is decided.",
    )
    budget_min = fields.Monetary(string="Budget from")
    budget_max = fields.Monetary(string="Budget to", help="Empty or 0: no upper limit was named.")
    currency_id = fields.Many2one("res.currency", required=True, default=lambda self: self.env.company.currency_id)
    priority = fields.Selection(
        [("0", "Some Day"), ("1", "Interested"), ("2", "Wanted"), ("3", "Urgent")], default="1", required=True
    )
    date_wanted = fields.Date(string="Wanted by")
    is_open = fields.Boolean(string="Still Open", default=True, help="Untick it when the need was met or given up.")

    _open_index = models.Index("(partner_id) WHERE is_open IS TRUE")

    @api.depends("product_id")
    def _compute_product_category_id(self):
        """Follow the product, and keep a category chosen by hand where there is none."""
        for need in self.filtered("product_id"):
            need.product_category_id = need.product_id.categ_id

    @api.depends("name", "product_id", "product_category_id")
    def _compute_display_name(self):
        """Show what is wanted, most precise first."""
        for need in self:
            need.display_name = need.name or need.product_id.display_name or need.product_category_id.display_name

    @api.constrains("partner_id", "name", "product_id", "product_category_id")
    def _check_something_is_wanted(self):
        """Refuse a need that nobody could act on."""
        for need in self:
            if not (need.name or need.product_id or need.product_category_id):
                raise ValidationError(
                    self.env._(
                        "Need of %(customer)s: nothing says what is wanted. Choose a product or a product category, or "
                        "describe it.",
                        customer=need.partner_id.display_name,
                    )
                )

    @api.constrains("budget_min", "budget_max")
    def _check_budget(self):
        """Refuse amounts that are no range."""
        for need in self:
            if min(need.budget_min, need.budget_max) < 0 or 0 < need.budget_max < need.budget_min:
                raise ValidationError(
                    self.env._(
                        "Budget of “%(need)s”: it goes from a smaller to a larger amount, and neither is below 0. "
                        "Correct one of the two.",
                        need=need.display_name,
                    )
                )

    @api.constrains("partner_id", "contact_id")
    def _check_contact(self):
        """Refuse a person of another customer; import and RPC do not ask the field's domain."""
        for need in self.filtered("contact_id"):
            if need.contact_id.commercial_partner_id != need.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "Contact: %(contact)s does not belong to %(customer)s. Choose one of its contacts.",
                        contact=need.contact_id.display_name,
                        customer=need.partner_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Put a need that was recorded on a contact person on its customer, and remember the person."""
        Partner = self.env["res.partner"]
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            partner = Partner.browse(vals.get("partner_id") or self.env.context.get("default_partner_id") or ())
            if partner and partner.commercial_partner_id != partner:
                vals["partner_id"] = partner.commercial_partner_id.id
                vals.setdefault("contact_id", partner.id)
        return super().create(vals_list)
