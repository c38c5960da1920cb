"""The dimensions along which customers are classed and analysed, as an administrator defines them."""

import re

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.dimension import Dimension, code_from_name, column_name, unused_code

CODE_FORMAT = re.compile(r"[a-z][a-z0-9_]{1,30}")
MAX_TYPES = 40
# The context value by which the dialog says that somebody has read what will be lost; no client can send it.
CONFIRMED = object()
# A change of these changes the screens, which the clients keep.
SHOWN_FIELDS = {
    "active",
    "applies_to",
    "company_id",
    "hierarchical",
    "kind",
    "locked",
    "mandatory",
    "name",
    "rule_basis",
    "rule_field_id",
    "sequence",
}
STATUSES_BY_MANDATORY = {"never": (), "active": ("active",), "always": ("prospect", "active")}


class PartnerDimensionType(models.Model):
    """One dimension: what it is called, where its values come from, who may give them.

    For each type the partner has a column of its own (partner_dimension_column.py); the values are records
    (``partner.dimension.value``), and who had which value when is kept (``partner.dimension.assignment``). A dimension
    has one value per customer, so that every analysis adds up; several at once are tags.
    """

    _name = "partner.dimension.type"
    _description = "Dimension Type"
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        copy=False,
        help="A short, stable key: a small letter, then small letters, digits and underscores. It names the column of "
        "the customer and cannot be changed later.",
    )
    description = fields.Text(translate=True, help="What this dimension says about a customer, and what it is for.")
    kind = fields.Selection(
        [("manual", "Given by people"), ("rule", "Given by rules"), ("computed", "Computed by an app")],
        string="Values Are",
        required=True,
        default="manual",
        help="Given by people: chosen on the customer. Given by rules: found every night, and as soon as somebody "
        "changes what a rule looks at. Computed by an app: as by rules, from figures that an installed app provides.",
    )
    locked = fields.Boolean(
        string="Rules Only",
        help="Nobody can choose a value: what the rules say always holds. Otherwise a value that somebody has chosen "
        "stays until it is emptied.",
    )
    rule_basis = fields.Selection(
        [
            ("condition", "Conditions on the values"),
            ("band", "Bands of a number"),
            ("field", "The value of a field"),
            ("address", "Country, state and city"),
        ],
        string="Rules Look at",
        default="condition",
        required=True,
        help="Conditions on the values: the first value, by sequence, whose condition a customer meets. Bands of a "
        "number: the value between whose bounds the number lies. The value of a field: one value for each record that "
        "the field names, made when it is first met. Country, state and city: the place in the address; values for "
        "countries and states are made when they are first met, a city counts where you add it below its state, by its "
        "exact name.",
    )
    rule_field_id = fields.Many2one(
        "ir.model.fields",
        string="Field",
        ondelete="set null",  # the type outlives an app whose field it looked at
        domain=lambda self: self._rule_field_domain(),
        help="The field of the customer that the rules look at: a number for bands, else a link to other records.",
    )
    hierarchical = fields.Boolean(
        string="Tree", help="Values may stand below others, such as a province below its country; up to six levels."
    )
    applies_to = fields.Selection(
        [("customer", "Customers"), ("contact", "Contact persons")],
        required=True,
        default="customer",
        help="Customers: contact persons show the value of their company. Contact persons: each has a value of its "
        "own.",
    )
    mandatory = fields.Selection(
        [("never", "Never"), ("active", "For active customers"), ("always", "Always")],
        required=True,
        default="never",
        help="When somebody who changes a customer must fill it in. Automatic changes are never stopped; they leave "
        "the customer marked as incomplete. Dimensions of contact persons are never mandatory.",
    )
    default_value_id = fields.Many2one(
        "partner.dimension.value",
        string="Value of All Others",
        domain="[('type_id', '=', id)]",
        ondelete="restrict",
        copy=False,
        help="What a customer has while nobody has chosen a value and no rule gives one. Empty: it is unclassified.",
    )
    edit_group_id = fields.Many2one(
        "res.groups",
        string="Changed by",
        ondelete="set null",
        help="Only members of this group may choose values on customers. Empty: whoever may change the customer.",
    )
    company_id = fields.Many2one("res.company", help="Empty: the dimension serves all companies.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(
        default=True, help="An archived dimension is hidden everywhere; its values and its history stay."
    )
    value_ids = fields.One2many("partner.dimension.value", "type_id", string="Values")
    column = fields.Char(
        compute="_compute_column",
        help="The name of the customer's field for this dimension, for imports, exports and dashboards.",
    )

    _code_unique = models.UniqueIndex("(code)", "Code: another dimension type has this code already.")

    @api.onchange("name")
    def _onchange_name(self):
        """Suggest a code, which can be changed until the type is saved."""
        if self.name and not self.code and not self._origin:
            self.code = code_from_name(self.name)

    @api.depends("code")
    def _compute_column(self):
        for dimension_type in self:
            dimension_type.column = column_name(dimension_type.code) if dimension_type.code else False

    @api.model
    def _rule_field_domain(self):
        """Return which fields of the customer rules may look at: stored ones that mean the same for everybody."""
        return [
            ("model", "=", "res.partner"),
            ("store", "=", True),
            ("company_dependent", "=", False),
            ("ttype", "in", ("integer", "float", "many2one")),
            ("name", "not =ilike", "x\\_dim\\_%"),
        ]

    # -- what partners know of the types -----------------------------------------------------------------------------

    @api.model
    @tools.ormcache(cache="stable")
    def _all_dimensions(self):
        """Return every type that is not archived (tuple of Dimension) in order; kept between requests."""
        # sudo: the columns are there for everyone; whose values one sees is a matter of their rules
        return tuple(dimension_type._as_dimension() for dimension_type in self.sudo().search(Domain.TRUE))

    @api.model
    def _dimensions(self, applies_to=None):
        """Return the types (list of Dimension) whose column the partner has, all or those for ``applies_to``."""
        known = self.env["res.partner"]._fields
        return [
            dimension
            for dimension in self._all_dimensions()
            if dimension.column in known and applies_to in (None, dimension.applies_to)
        ]

    @api.model
    @tools.ormcache("self.env.lang", cache="stable")
    def _column_labels(self):
        """Return {column: name of the type in the user's language}, archived types included."""
        # sudo: a label is no secret
        types = self.sudo().with_context(active_test=False).search(Domain.TRUE)
        return {dimension_type.column: dimension_type.name for dimension_type in types}

    @api.model
    @tools.ormcache(cache="stable")
    def _archived_columns(self):
        """Return the columns (frozenset) of archived types, which are there but offered nowhere."""
        # sudo: for everyone alike
        return frozenset(self.sudo().with_context(active_test=False).search([("active", "=", False)]).mapped("column"))

    def _as_dimension(self):
        frozen = self.kind == "computed" or (self.kind == "rule" and self.locked)
        copies = self.kind == "rule" and self.locked and self.rule_basis == "field"
        return Dimension(
            id=self.id,
            code=self.code,
            column=self.column,
            kind=self.kind,
            applies_to=self.applies_to,
            frozen=frozen,
            evaluated=bool(self.default_value_id) if self.kind == "manual" else not self._lacks_field(),
            mandatory=() if frozen else STATUSES_BY_MANDATORY[self.mandatory],
            hierarchical=self.hierarchical,
            edit_group_id=self.edit_group_id.id,
            company_id=self.company_id.id,
            default_value_id=self.default_value_id.id,
            followed=self.rule_field_id.name if copies else "",
        )

    def _lacks_field(self):
        """Tell whether the field is gone that the rules look at, with the app that had it."""
        return self.kind == "rule" and self.rule_basis in ("band", "field") and not self.rule_field_id

    @api.model
    def _population_domain(self, applies_to):
        """Return whom a type for ``applies_to`` classes: totals, coverage and rules all use it."""
        Partner = self.env["res.partner"]
        return Partner._contact_domain() if applies_to == "contact" else Partner._customer_domain()

    # -- life cycle --------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse what cannot become a column before anything is made, then make all columns in one go."""
        self._refuse_bad_codes(vals_list)
        self._refuse_too_many(len(vals_list))
        types = super().create(vals_list)
        types._create_columns()
        self._refresh_screens()
        return types

    def copy_data(self, default=None):
        """Give a copy a name and a code of its own; its values are not copied."""
        default = dict(default or {})
        # sudo: a type that the user may not see has its code all the same
        taken = set(self.sudo().with_context(active_test=False).search(Domain.TRUE).mapped("code"))
        vals_list = super().copy_data(default)
        for dimension_type, vals in zip(self, vals_list, strict=True):
            vals["name"] = default.get("name") or self.env._("%s (copy)", dimension_type.name)
            vals["code"] = default.get("code") or unused_code(dimension_type.code, taken)
            taken.add(vals["code"])
        return vals_list

    def write(self, vals):
        """Keep code and meaning of what is in use, and let every screen follow what is shown."""
        if "code" in vals and any(dimension_type.code != vals["code"] for dimension_type in self):
            raise UserError(
                self.env._(
                    "Code: “%(code)s” names the customers' column and cannot be changed. Change the name instead, or "
                    "make a new dimension type and move the values there.",
                    code=self[0].code,
                )
            )
        self._refuse_change_in_use(vals)
        resumed = self.filtered(lambda dimension_type: not dimension_type.active) if vals.get("active") else ()
        result = super().write(vals)
        if "name" in vals:
            self._rename_columns()
        # Everything partners know of a type may have changed; the screens only by some of it.
        self.env.registry.clear_cache("stable")
        for dimension in self._dimensions() if resumed else ():
            if dimension.id in resumed._ids:
                self.env["res.partner"]._resume_dimension(dimension)
        if vals.keys() & SHOWN_FIELDS:
            self._refresh_screens()
        return result

    def _refuse_bad_codes(self, vals_list):
        """Refuse codes that are taken or cannot name a column; Odoo would say so later, and without the field."""
        codes = [vals.get("code") for vals in vals_list]
        # sudo: a type that the user may not see has its code all the same
        everyone = self.sudo().with_context(active_test=False)
        taken = {kept.code: kept.name for kept in everyone.search([("code", "in", codes)])}
        for code in codes:
            if not CODE_FORMAT.fullmatch(code or ""):
                raise ValidationError(
                    self.env._(
                        "Code: “%s” cannot be used. Begin with a small letter a–z, then only small letters, digits and "
                        "underscores, 2 to 31 characters.",
                        code or "",
                    )
                )
            if code in taken:
                raise ValidationError(
                    self.env._(
                        "Code: “%(code)s” already belongs to the dimension type “%(name)s”. Choose another code.",
                        code=code,
                        name=taken[code],
                    )
                )
            taken[code] = code

    def _refuse_too_many(self, count):
        # sudo: archived types and those of other companies have a column, too
        if self.sudo().with_context(active_test=False).search_count(Domain.TRUE) + count > MAX_TYPES:
            raise UserError(
                self.env._(
                    "Dimension Types: there can be at most %s, archived ones included. Delete one that nobody needs, "
                    "or use tags.",
                    MAX_TYPES,
                )
            )

    def _refuse_change_in_use(self, vals):
        """Refuse to give another meaning to what customers have values of already."""
        names = {"applies_to", "company_id"} & vals.keys()
        changed = self.filtered(
            lambda dimension_type: any(
                dimension_type._fields[name].convert_to_write(dimension_type[name], dimension_type)
                != (vals[name] or False)
                for name in names
            )
        )
        # sudo: whoever has a value, visible or not
        Assignment = self.env["partner.dimension.assignment"].sudo()
        if changed and Assignment.search_count([("type_id", "in", changed.ids), ("until", "=", False)], limit=1):
            raise UserError(
                self.env._(
                    "%(field)s: customers have values of “%(type)s” already. Empty them first, or make a new "
                    "dimension type.",
                    field=self._fields[min(names)]._description_string(self.env),
                    type=changed[0].name,
                )
            )

    @api.constrains("kind", "mandatory", "locked", "applies_to")
    def _check_mandatory(self):
        """Refuse to ask people for what they cannot give, and for what only customers are asked for."""
        for dimension_type in self.filtered(lambda dimension_type: dimension_type.mandatory != "never"):
            if dimension_type.applies_to == "contact":
                raise ValidationError(
                    self.env._(
                        "Mandatory: “%s” is a dimension of contact persons, and only customers can be asked for a "
                        "value. Choose “Never”.",
                        dimension_type.name,
                    )
                )
            if dimension_type._as_dimension().frozen:
                raise ValidationError(
                    self.env._(
                        "Mandatory: nobody can fill in “%s”, its values come from rules only. Choose “Never”.",
                        dimension_type.name,
                    )
                )

    @api.constrains("kind", "rule_basis", "rule_field_id")
    def _check_rule_field(self):
        """Refuse rules without a field to look at, or with one that does not fit."""
        allowed = {"band": ("integer", "float"), "field": ("many2one",)}
        for dimension_type in self.filtered(lambda dimension_type: dimension_type.kind == "rule"):
            kinds = allowed.get(dimension_type.rule_basis)
            field = dimension_type.rule_field_id.sudo()
            if kinds and (field.ttype not in kinds or not field.filtered_domain(dimension_type._rule_field_domain())):
                raise ValidationError(
                    self.env._(
                        "Field: the rules of “%(type)s” must look at a field of the customer (%(kind)s). Choose one.",
                        type=dimension_type.name,
                        kind=self.env._("a number")
                        if dimension_type.rule_basis == "band"
                        else self.env._("a link to other records"),
                    )
                )

    @api.constrains("default_value_id")
    def _check_default_value(self):
        for dimension_type in self:
            value = dimension_type.default_value_id
            if value and value.type_id != dimension_type:
                raise ValidationError(
                    self.env._(
                        "Value of All Others: “%(value)s” is no value of “%(type)s”. Choose one of its own values.",
                        value=value.name,
                        type=dimension_type.name,
                    )
                )

    def unlink(self):
        """Take the columns and the history away, and all favourites that would fail without them.

        What is in use goes only by the dialog "Delete Dimension Type", which says how much that is.
        """
        self.check_access("unlink")
        if self.env.context.get("dimension_delete") is not CONFIRMED:
            self._refuse_in_use()
            self._refuse_shown_elsewhere()
        self._purge_filters()
        self._drop_columns()
        # Nobody deletes history; this type takes its own along, which may be millions of rows.
        self.env.cr.execute(SQL("DELETE FROM partner_dimension_assignment WHERE type_id = ANY(%s)", self.ids))
        self.env["partner.dimension.assignment"].invalidate_model()
        self.default_value_id = False
        self.with_context(active_test=False).value_ids.unlink()
        result = super().unlink()
        self._refresh_screens()
        return result

    def _refuse_in_use(self):
        """Say how much would be lost, and which ways there are."""
        for dimension_type in self:
            customers, history = dimension_type._usage()
            if history:
                raise UserError(
                    self.env._(
                        "Dimension Type: “%(type)s” is in use (customers: %(customers)s, entries of history: "
                        "%(history)s). Archive it; or, as an administrator, choose “Delete…” in its actions menu.",
                        type=dimension_type.name,
                        customers=customers,
                        history=history,
                    )
                )

    def _usage(self):
        """Return how many customers have a value now, and how many entries the history has in all."""
        self.ensure_one()
        self.env["partner.dimension.assignment"].flush_model()
        [counts] = self.env.execute_query(
            SQL(
                "SELECT count(*) FILTER (WHERE until IS NULL), count(*) FROM partner_dimension_assignment "
                "WHERE type_id = %s",
                self.id,
            )
        )
        return counts

    # -- screens -----------------------------------------------------------------------------------------------------

    @api.model
    def _refresh_screens(self):
        """Let every process and every open browser forget the screens it keeps."""
        # Other processes read the registry anew, and with its number the browsers' stores change.
        self.env.registry.clear_cache("stable", "templates")
        self.env.registry.registry_invalidated = True
        self.env["bus.bus"]._sendone("broadcast", "customer_mgmt.dimensions_changed", {})

    @api.model
    def _check_may_choose(self, dimensions):
        """Refuse the user who may not choose values of ``dimensions`` (Dimension) on customers."""
        for dimension in dimensions:
            name = self.sudo().browse(dimension.id).name
            if dimension.frozen:
                raise UserError(
                    self.env._(
                        "%s: its values come from rules only and cannot be chosen. Change what the rules look at.", name
                    )
                )
            # sudo: a user may not look at groups
            group = self.env["res.groups"].sudo().browse(dimension.edit_group_id or [])
            if group and group not in self.env.user.sudo().all_group_ids:
                raise AccessError(
                    self.env._(
                        "%(type)s: only members of “%(group)s” may choose its values. Ask one of them.",
                        type=name,
                        group=group.full_name,
                    )
                )
