"""The dimensions on the partner: one column each, made by the dimension types."""

from lxml.builder import E

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class ResPartner(models.Model):
    """Keeps the values of dimensions honest: of the right type and company, chosen by who may, shared with contacts.

    What was when is kept by res_partner_dimension_history.py, what rules give by res_partner_dimension_rule.py.
    """

    _name = "res.partner"
    _inherit = ["partner.dimension.mixin", "res.partner"]

    dimension_value_id = fields.Many2one(
        "partner.dimension.value",
        compute="_compute_dimension_value_id",
        search="_search_dimension_value_id",
        exportable=False,
        groups="base.group_user",
        help="For searches: any value of any dimension, with the values below it.",
    )
    dimension_readonly = fields.Json(
        compute="_compute_dimension_readonly",
        groups="base.group_user",
        help="The dimensions that the present user may not choose on this partner.",
    )

    @api.model
    def _dimensions_of(self, applies_to=None):
        """Return the dimensions (list of Dimension) of customers, of contact persons, or all."""
        return self.env["partner.dimension.type"]._dimensions(applies_to)

    @api.model
    def _customer_commercial_fields(self):
        """Contact persons share the dimensions of customers."""
        columns = [dimension.column for dimension in self._dimensions_of("customer")]
        return super()._customer_commercial_fields() + columns

    # -- searching ---------------------------------------------------------------------------------------------------

    def _compute_dimension_value_id(self):
        """There is no single value to show; the field is there to search by."""
        self.dimension_value_id = False

    @api.model
    def _search_dimension_value_id(self, operator, value):
        """Look in the column of each value's own type, for the value and what stands below it."""
        ways = {
            "in": lambda: Domain("id", "in", value),
            "child_of": lambda: Domain("id", "child_of", value),
            "ilike": lambda: Domain("display_name", "ilike", value),
            "any": lambda: Domain(value),
        }
        if operator not in ways:
            return NotImplemented
        values = self.env["partner.dimension.value"].with_context(active_test=False).search(ways[operator]())
        columns = {dimension.id: dimension.column for dimension in self._dimensions_of()}
        return Domain.OR(
            Domain(columns[dimension_type.id], "child_of", group.ids)
            for dimension_type, group in values.grouped("type_id").items()
            if dimension_type.id in columns
        )

    # -- choosing ----------------------------------------------------------------------------------------------------

    @api.depends_context("uid")
    def _compute_dimension_readonly(self):
        """The same for all partners: it depends on the types and on the user's groups."""
        self.dimension_readonly = sorted(self._unchoosable_columns())

    @api.model
    def _unchoosable_columns(self):
        """Return the columns (frozenset) of the dimensions that the present user may not choose on any partner."""
        groups = (False, *self.env.user._get_group_ids())
        return frozenset(
            dimension.column
            for dimension in self._dimensions_of()
            if dimension.frozen or dimension.edit_group_id not in groups
        )

    @api.model
    def _dimension_columns(self):
        """Return the columns (list) of all types, also of archived ones, which are hidden but there."""
        archived = self.env["partner.dimension.type"]._archived_columns().intersection(self._fields)
        return [*(dimension.column for dimension in self._dimensions_of()), *sorted(archived)]

    @api.constrains(lambda self: [*self._dimension_columns(), "company_id"])
    def _check_dimension_values(self):
        """Refuse a value of another type or company: the client's choice is no protection against imports."""
        columns = self._dimension_columns()
        # sudo: a value that the user may not see must fit all the same
        for partner in self.sudo():
            for column in columns:
                value = partner[column]
                owner = partner if value.type_id.applies_to == "contact" else partner.commercial_partner_id
                if value and (
                    value.type_id.column != column
                    or value.company_id not in (value.browse().company_id, owner.company_id)
                ):
                    raise ValidationError(partner._misplaced_value_message(column, value))

    def _misplaced_value_message(self, column, value):
        label = self._fields[column]._description_string(self.env)
        if value.type_id.column != column:
            return self.env._(
                "%(field)s: “%(value)s” is a value of “%(type)s” and cannot be given to %(customer)s here. Choose a "
                "value of “%(field)s”.",
                field=label,
                value=value.name,
                type=value.type_id.name,
                customer=self.name,
            )
        return self.env._(
            "%(field)s: “%(value)s” serves only %(company)s. Choose another value for %(customer)s, or let the "
            "customer belong to that company.",
            field=label,
            value=value.name,
            company=value.company_id.name,
            customer=self.name,
        )

    @api.model
    def _dimensions_in(self, names):
        """Return the dimensions (list of Dimension) whose columns are among ``names``."""
        return [dimension for dimension in self._dimensions_of() if dimension.column in names]

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse what the user may not choose; nothing is looked at where no dimension is given."""
        if self._is_change_by_person():
            for dimension in self._dimensions_of():
                # What a screen that is grouped by the dimension gives along is chosen, too.
                default = self.env.context.get(f"default_{dimension.column}")
                chosen = {vals.get(dimension.column, default) for vals in vals_list} - {None, False}
                if chosen:
                    self._refuse_choice(dimension, chosen)
        return super().create(vals_list)

    def write(self, vals):
        """Refuse what the user may not choose."""
        dimensions = self._dimensions_in(vals)
        if dimensions and self._is_change_by_person():
            for dimension in dimensions:
                self._check_dimension_change(dimension, vals[dimension.column])
        return super().write(vals)

    def _check_dimension_change(self, dimension, value_id):
        """Refuse to change the dimension of these partners to ``value_id`` (id or False), where it is a change."""
        value_id = value_id or False
        # sudo: whoever may change a partner need not see its company
        changing = self.sudo().filtered(lambda partner: partner[dimension.column].id != value_id)
        if changing:
            self._refuse_choice(dimension, {value_id} - {False})
        if dimension.applies_to == "customer":
            changing._refuse_own_value(dimension, dict.fromkeys(changing, value_id), self)

    @api.model
    def _refuse_own_value(self, dimension, chosen, changed=()):
        """Refuse values of ``chosen`` ({contact person: id}) that are not the company's, unless that is ``changed``."""
        changed = set(changed)
        for partner, value_id in chosen.items():
            entity = partner.commercial_partner_id
            if entity != partner and entity not in changed and entity[dimension.column].id != value_id:
                raise UserError(
                    self.env._(
                        "%(field)s: %(contact)s is a contact of %(customer)s and has its value. Change it there.",
                        field=self._fields[dimension.column]._description_string(self.env),
                        contact=partner.name,
                        customer=entity.name,
                    )
                )

    @api.model
    def _refuse_choice(self, dimension, value_ids):
        """Refuse if the user may not choose the values of this dimension, or not these."""
        self.env["partner.dimension.type"]._check_may_choose([dimension])
        # sudo: a retired value is refused by its name, whoever may see it
        for value in self.env["partner.dimension.value"].sudo().browse(value_ids).exists():
            if not value.is_selectable:
                raise ValidationError(
                    self.env._(
                        "%(field)s: “%(value)s” cannot be chosen any more, or not yet. Choose another value.",
                        field=self._fields[dimension.column]._description_string(self.env),
                        value=value.display_name,
                    )
                )

    # -- the form ----------------------------------------------------------------------------------------------------

    @api.model
    def _dimension_form_nodes(self, dimension):
        """Let people choose where they may; where a type copies a field, that is what they change."""
        [node] = super()._dimension_form_nodes(dimension)
        contact = "(parent_id and not is_company)"
        if dimension.followed:
            return [
                E.field(
                    name=dimension.followed, string=node.get("string"), options="{'no_create': True}", readonly=contact
                )
            ]
        readonly = [f"'{dimension.column}' in (dimension_readonly or [])"]
        if dimension.applies_to == "customer":
            readonly.append(contact)
        node.set("readonly", " or ".join(readonly))
        node.set("widget", "dimension_value")
        node.set("options", "{'no_create': True, 'no_open': True}")
        node.set("domain", self._dimension_domain(dimension))
        hidden = ["not parent_id or is_company"] if dimension.applies_to == "contact" else []
        if dimension.company_id:
            hidden.append(f"company_id != {dimension.company_id}")
        if dimension.frozen:
            # Nobody can fill it in: as long as there is nothing it only takes room.
            hidden.append(f"not {dimension.column}")
        if hidden:
            node.set("invisible", " or ".join(hidden))
        return [node]

    @api.model
    def _dimension_column(self, dimension):
        node = super()._dimension_column(dimension)
        node.set("domain", self._dimension_domain(dimension))
        return node

    @api.model
    def _dimension_domain(self, dimension):
        """Return which values a partner can be given, as the client understands it."""
        return (
            f"[('type_id', '=', {dimension.id}), ('is_selectable', '=', True), "
            "('company_id', 'in', (company_id, False))]"
        )
