"""How complete the file of a customer is, and what the form asks for."""

from collections import defaultdict

from lxml.builder import E

from odoo import api, fields, models
from odoo.fields import Domain


def _depends_on_file(partner):
    """Return everything that decides what is required and what is filled in."""
    decisive = ["customer_status", "customer_category_id", "is_company", "parent_id", "company_id"]
    return sorted({*decisive, *partner._fillable_field_names(), *partner._customer_completeness_fields()})


class ResPartner(models.Model):
    """Shows what is missing by the policy of this moment: nothing is stored that a change of policy would outdate."""

    _inherit = "res.partner"

    customer_incomplete = fields.Boolean(
        string="Incomplete",
        compute="_compute_customer_incomplete",
        search="_search_customer_incomplete",
        groups="base.group_user",
        help="Something is empty that the customer's category requires of its status, or a dimension that is mandatory "
        "in it. Invalid customers and contacts are never incomplete.",
    )
    customer_missing = fields.Text(
        string="Missing Data",
        compute="_compute_customer_incomplete",
        groups="base.group_user",
        help="What is empty although the customer's category requires it of its status, or although it is a dimension "
        "that is mandatory in it.",
    )
    customer_required_fields = fields.Json(
        compute="_compute_customer_incomplete",
        groups="base.group_user",
        help="Names of the fields that the customer's category requires of its status, and of the dimensions that are "
        "mandatory in it: those with * in the form.",
    )
    customer_enforced_fields = fields.Json(
        compute="_compute_customer_incomplete",
        groups="base.group_user",
        help="Names of the fields without which the form cannot be saved now: all that are required after a change of "
        "status or category, else those that are filled in already. Never a dimension that the user may not choose.",
    )
    customer_completeness = fields.Integer(
        string="Completeness (%)",
        compute="_compute_customer_completeness",
        aggregator=None,
        groups="base.group_user",
        help="Filled in ÷ expected × 100, rounded down. Expected: what the category requires of active customers, the "
        "dimensions that are mandatory for these, and "
        "name, category, source, salesperson, phone, e-mail, street, city, country and tags. Only for customers.",
    )

    @api.model
    def _customer_completeness_fields(self):
        """Return the names of the fields that make a good file of any customer."""
        return [
            "name",
            "customer_category_id",
            "source_id",
            "user_id",
            "phone",
            "email",
            "street",
            "city",
            "country_id",
            "category_id",
        ]

    @api.depends(_depends_on_file)
    @api.depends_context("lang", "uid")
    def _compute_customer_incomplete(self):
        for partner, required in self._required_field_names().items():
            names = sorted(required)
            missing = partner._empty_field_names(names)
            partner.customer_incomplete = bool(missing)
            partner.customer_missing = self._field_labels(missing) if missing else False
            partner.customer_required_fields = names
            partner.customer_enforced_fields = partner._enforced_field_names(names)

    def _enforced_field_names(self, required):
        """Return which of ``required`` a save of this (perhaps edited, unsaved) partner would be refused for."""
        others = self._unchoosable_columns()
        required = [name for name in required if name not in others]
        saved = self._origin.sudo()
        if not saved:
            return required
        edited = self.sudo()
        filled = set(required).difference(saved._empty_field_names(required))
        before = (saved.customer_status, saved.customer_category_id, filled)
        # On an unsaved copy records are not equal to the saved ones; what they stand for is.
        edited_state = (edited.customer_status, edited.customer_category_id._origin)
        return required if edited_state != before[:2] and saved.customer_status != "invalid" else sorted(filled)

    @api.model
    def _search_customer_incomplete(self, operator, value):
        """Turn the policy into one domain."""
        if operator != "in":
            return NotImplemented
        required = self._required_names()
        others = [company_id for company_id in required if company_id]
        incomplete = self._customer_domain() & Domain.OR(
            Domain("company_id", *(("=", company_id) if company_id else ("not in", others)))
            & self._incomplete_domain(by_category)
            for company_id, by_category in required.items()
        )
        return Domain.OR(incomplete if wanted else ~incomplete for wanted in set(value))

    @api.model
    def _incomplete_domain(self, by_category):
        """Return who lacks something of ``by_category``, with categories of equal requirements taken together."""
        categories = defaultdict(list)
        for category_id, required in by_category.items():
            for status, names in required.items():
                categories[status, names].append(category_id)
        return Domain.OR(
            Domain("customer_status", "=", status)
            & Domain("customer_category_id", "in", category_ids)
            & Domain.OR(Domain(name, "=", False) for name in sorted(names))
            for (status, names), category_ids in categories.items()
            if names
        )

    @api.depends(_depends_on_file)
    def _compute_customer_completeness(self):
        base = frozenset(self._customer_completeness_fields())
        self.customer_completeness = False
        for partner, known in zip(self, self.sudo(), strict=True):
            if known._is_managed_customer():
                expected = base.union(known._names_by_status()["active"])
                empty = partner._empty_field_names(expected)
                partner.customer_completeness = 100 * (len(expected) - len(empty)) // len(expected)

    # -- the form ----------------------------------------------------------------------------------------------------

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Make the form ask for what the server will ask for, where it knows ``customer_required_fields``."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form":
            for node in arch.xpath("//field[@name='customer_required_fields'][not(ancestor::field)]")[:1]:
                node.addnext(E.field(name="customer_enforced_fields", invisible="1"))
                self._add_requirable_fields(arch)
                self._ask_for_required_fields(arch)
        return arch, view

    @api.model
    def _add_requirable_fields(self, arch):
        """Fill a group that the view offers with all fields that may be required and stand nowhere else in it."""
        for group in arch.xpath("//group[@name='customer_required_more'][not(ancestor::field)]"):
            present = set(arch.xpath("//field[not(ancestor::field)]/@name"))
            dimensions = {dimension.column: dimension for dimension in self._dimensions_of("customer")}
            for name in self._requirable_field_names():
                if name not in present:
                    attributes = {"widget": "many2many_tags"} if self._fields[name].type == "many2many" else {}
                    nodes = [E.field(name=name, **attributes)]
                    if name in dimensions:
                        nodes = self._dimension_form_nodes(dimensions[name])
                    for node in nodes:
                        node.set("invisible", f"'{name}' not in (customer_required_fields or [])")
                    group.extend(nodes)

    @api.model
    def _ask_for_required_fields(self, arch):
        """Give every field that may be required the condition; which ones are is decided per customer, in the client.

        So the view, which is kept between requests, does not depend on the policy.
        """
        names = set(self._requirable_field_names())
        for node in arch.xpath("//field[not(ancestor::field)]"):
            name = node.get("name")
            if name in names and node.get("readonly") not in ("1", "True"):
                condition = f"'{name}' in (customer_enforced_fields or [])"
                existing = node.get("required")
                node.set("required", f"({existing}) or {condition}" if existing else condition)
