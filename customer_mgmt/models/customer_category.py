"""The one governed classification of customers."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class CustomerCategory(models.Model):
    """A class of customers (wholesale, retail, key account, …), given by a person and kept as a tree.

    It drives behaviour: the prefix of customer numbers, what must be filled in, what new customers get, the rhythm of
    contact. For analysis there are dimensions, for free notes tags.
    """

    _name = "customer.category"
    _description = "Customer Category"
    _parent_store = True
    _check_company_auto = True
    _rec_names_search = ["name", "code"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(copy=False, help="A short, stable key for imports and reports. Unique within the company.")
    display_name = fields.Char(recursive=True)
    parent_id = fields.Many2one(
        "customer.category", string="Parent Category", index=True, ondelete="restrict", check_company=True
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("customer.category", "parent_id", string="Subcategories")
    sequence = fields.Integer(default=10)
    number_prefix = fields.Char(
        help="Customer numbers of this category and of its subcategories begin with this instead of the company's "
        "prefix. Numbers already given do not change.",
    )
    description = fields.Text(translate=True, help="When a customer belongs here. Shown to whoever chooses a category.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: the category serves all companies.")
    customer_count = fields.Integer(
        string="Customers",
        compute="_compute_customer_count",
        help="Managed customers in this category and its subcategories; contact persons are not counted.",
    )

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "Code: another customer category of the company has this code already.",
    )

    @api.depends("name", "parent_id.display_name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Show the whole path; not stored, because every language has its own."""
        for category in self:
            parent = category.parent_id.display_name
            category.display_name = f"{parent} / {category.name}" if parent else category.name

    @api.model
    def _search_display_name(self, operator, value):
        """Find by the whole path too, which is how a category is shown and exported."""
        domain = super()._search_display_name(operator, value)
        values = [value] if isinstance(value, str) else value or ()
        paths = [path for path in values if isinstance(path, str) and " / " in path]
        if not paths or operator not in ("=", "in", "ilike"):
            return domain
        return Domain.OR([domain, *map(self._path_domain, paths)])

    @api.model
    def _path_domain(self, path):
        """Return the domain of the category at ``path``, such as "Retail / Shop"."""
        above = Domain("parent_id", "=", False)
        for name in path.split(" / "):
            domain = Domain("name", "=", name) & above
            above = Domain("parent_id", "any", domain)
        return domain

    def _compute_customer_count(self):
        """Count once per category by the database, then add each count to all ancestors."""
        self.customer_count = 0
        categories = self.with_context(active_test=False).search([("id", "child_of", self.ids)])
        domain = self.env["res.partner"]._customer_domain() & Domain("customer_category_id", "in", categories.ids)
        groups = self.env["res.partner"]._read_group(domain, ["customer_category_id"], ["__count"])
        by_id = {category.id: category for category in self}
        for category, count in groups:
            for ancestor_id in map(int, category.sudo().parent_path.split("/")[:-1]):
                if ancestor_id in by_id:
                    by_id[ancestor_id].customer_count += count

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse a code that is taken before anything is written."""
        for vals in vals_list:
            self._refuse_taken_code(vals.get("code"), vals.get("company_id"))
        return super().create(vals_list)

    def write(self, vals):
        """Refuse a loop, and a code that is taken, before anything is written."""
        if vals.get("parent_id"):
            self._refuse_loop(vals["parent_id"])
        if vals.keys() & {"code", "company_id"}:
            for category in self:
                company_id = vals.get("company_id", category.company_id.id)
                self._refuse_taken_code(vals.get("code", category.code), company_id, exclude=category)
        return super().write(vals)

    # Odoo and the index refuse these too, but later, without naming the field, and with an error in the log.

    def _refuse_loop(self, parent_id):
        ancestors = self.sudo().browse(parent_id).parent_path.split("/")
        if any(str(category.id) in ancestors for category in self):
            raise ValidationError(
                self.env._("Parent Category: a customer category cannot be placed below itself. Choose another parent.")
            )

    def _refuse_taken_code(self, code, company_id, exclude=None):
        domain = [
            ("code", "=", code),
            ("company_id", "=", company_id or False),
            ("id", "not in", (exclude or self).ids),
        ]
        # sudo: a category that the user may not see has its code all the same
        twin = code and self.sudo().with_context(active_test=False).search(domain, limit=1)
        if twin:
            raise ValidationError(
                self.env._(
                    "Code: “%(code)s” already belongs to the customer category “%(category)s”. Choose another code.",
                    code=code,
                    category=twin.display_name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Say what stands in the way, and what to do instead."""
        Partner = self.env["res.partner"].sudo().with_context(active_test=False)
        groups = Partner._read_group([("customer_category_id", "in", self.ids)], ["customer_category_id"], ["__count"])
        for category, count in groups:
            raise UserError(
                self.env._(
                    "Customer Category: “%(category)s” is still in use (customers and contacts: %(count)s). "
                    "Archive it, or give them another category first.",
                    category=category.display_name,
                    count=count,
                )
            )

    def _get_number_prefix(self):
        """Return the prefix of this category or of its nearest ancestor that has one, else an empty string."""
        return self._inherited_value("number_prefix") or ""

    def _inherited_value(self, name):
        """Return the value of the field ``name`` of this category or of its nearest ancestor that has one."""
        category = self.sudo()  # an ancestor that the user may not see counts all the same
        while category and not category[name]:
            category = category.parent_id
        return category[name]

    @api.model
    def _inherited_query(self, name):
        """Return SQL giving (id, value) of the same for the number field ``name``, where there is a value."""
        field = SQL.identifier("above", name)
        return SQL(
            "SELECT DISTINCT ON (below.id) below.id, %s AS value FROM customer_category below "
            "JOIN customer_category above "
            "ON above.id = ANY(string_to_array(rtrim(below.parent_path, '/'), '/')::integer[]) AND %s != 0 "
            "ORDER BY below.id, length(above.parent_path) DESC",
            field,
            field,
        )

    def action_open_customers(self):
        """Open the customers of this category and of its subcategories."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("customer_mgmt.res_partner_action_customer")
        action["context"] = {
            "default_customer_status": "prospect",
            "default_customer_category_id": self.id,
            "search_default_customer_category_id": self.id,
        }
        return action
