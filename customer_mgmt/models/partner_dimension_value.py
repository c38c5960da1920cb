"""The values of dimension types."""

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.dimension import first_overlap, unused_code

MAX_DEPTH = 6
DELETED_CODE = "deleted_values"


class PartnerDimensionValue(models.Model):
    """One value of a dimension type: what customers have, and the playbook for them.

    Where the type works by rules, the value also says which customers have it (partner_dimension_rule.py).
    """

    _name = "partner.dimension.value"
    _description = "Dimension Value"
    _order = "type_id, sequence, name, id"
    _parent_store = True
    _rec_names_search = ["name", "code"]

    type_id = fields.Many2one("partner.dimension.type", required=True, index=True, ondelete="restrict")
    type_kind = fields.Selection(related="type_id.kind", string="Kind of Type")
    rule_basis = fields.Selection(related="type_id.rule_basis")
    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        copy=False,
        help="A short, stable key for imports and rules, unique within the dimension type. Empty: made from the name.",
    )
    parent_id = fields.Many2one(
        "partner.dimension.value",
        string="Parent Value",
        index=True,
        ondelete="restrict",
        domain="[('type_id', '=', type_id)]",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("partner.dimension.value", "parent_id", string="Values Below")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: customers of all companies may have this value.")
    valid_from = fields.Date(help="Cannot be chosen before this day.")
    valid_to = fields.Date(
        help="Cannot be chosen after this day. Whoever has chosen it keeps it; rules do not give it any more."
    )
    is_selectable = fields.Boolean(
        string="Can Be Chosen",
        compute="_compute_is_selectable",
        search="_search_is_selectable",
        help="Not archived, and today lies within its validity.",
    )
    strategy = fields.Html(
        translate=True, help="How to treat customers with this value. One click away on each of them."
    )
    service_plan = fields.Html(translate=True, help="What customers with this value get from us, and when.")
    cadence_days = fields.Integer(
        string="Follow-up Cadence (days)",
        help="How often somebody should be in touch with customers that have this value. 0: no rhythm of its own.",
    )
    user_id = fields.Many2one("res.users", string="Responsible", help="Who answers for strategy and service plan.")
    bound_min = fields.Float(string="From", help="The smallest number that belongs to this band.")
    bound_max = fields.Float(
        string="Below", help="The first number that belongs to the next band. 0: there is no upper bound."
    )
    rule_domain = fields.Char(string="Condition", help="Which customers have this value.")
    source_ref = fields.Reference(
        selection=lambda self: self._selection_source_ref(),
        string="Stands for",
        copy=False,
        help="The record whose customers have this value.",
    )

    _code_unique = models.UniqueIndex(
        "(type_id, code)", "Code: another value of this dimension type has this code already."
    )

    @api.model
    def _selection_source_ref(self):
        models_ = self.env["ir.model"].sudo().search([("transient", "=", False)])
        return [(model.model, model.name) for model in models_]

    # -- names -------------------------------------------------------------------------------------------------------

    @api.model
    @tools.ormcache("self.env.lang", cache="stable")
    def _paths(self):
        """Return {value id: name with the names above it} in the order of the trees.

        Kept between requests: values are few, change seldom and stand in every list.
        """
        # sudo: whoever may read a value sees where it stands
        values = self.sudo().with_context(active_test=False).search(Domain.TRUE)
        places = {value.id: (value.sequence, value.name) for value in values}
        ways = {value.id: [int(value_id) for value_id in value.parent_path.split("/")[:-1]] for value in values}
        # Stable: what one type has stays together, as it was found.
        ordered = sorted(values, key=lambda value: (value.type_id.id, [places[step] for step in ways[value.id]]))
        return {value.id: " / ".join(places[step][1] for step in ways[value.id]) for value in ordered}

    @api.depends_context("lang", "dimension_value_with_type")
    def _compute_display_name(self):
        """Show the whole path, and the type where values of several stand together; costs no query."""
        paths = self._paths()
        labels = {}
        if self.env.context.get("dimension_value_with_type"):
            labels = {value: f"{value.sudo().type_id.name}: " for value in self}
        for value in self:
            path = paths.get(value._origin.id)
            # Only of a value that is not saved yet is the name asked for: that would be a query per column of a list.
            value.display_name = labels.get(value, "") + (value.sudo().name or "" if path is None else path)

    @api.model
    def _search_display_name(self, operator, value):
        """Find by the whole path too, which is how a value is shown and exported."""
        domain = super()._search_display_name(operator, value)
        values = [value] if isinstance(value, str) else value or ()
        wanted = {path.casefold() for path in values if isinstance(path, str) and " / " in path}
        if not wanted or operator not in ("=", "in", "ilike"):
            return domain
        ids = [value_id for value_id, path in self._paths().items() if path.casefold() in wanted]
        return Domain.OR([domain, Domain("id", "in", ids)])

    def _refresh_names(self):
        """Forget the names kept between requests; other processes do so at their next request."""
        self.flush_model(["parent_id"])  # as in _height_of_tree
        self.env.registry.clear_cache("stable")
        self.invalidate_model(["display_name"])

    # -- validity ----------------------------------------------------------------------------------------------------

    @api.depends("active", "valid_from", "valid_to")
    def _compute_is_selectable(self):
        today = fields.Date.context_today(self)
        for value in self:
            value.is_selectable = (
                value.active
                and (not value.valid_from or value.valid_from <= today)
                and (not value.valid_to or value.valid_to >= today)
            )

    @api.model
    def _search_is_selectable(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        selectable = (
            Domain("active", "=", True)
            & (Domain("valid_from", "=", False) | Domain("valid_from", "<=", today))
            & (Domain("valid_to", "=", False) | Domain("valid_to", ">=", today))
        )
        return Domain.OR(selectable if wanted else ~selectable for wanted in set(value))

    @api.constrains("valid_from", "valid_to")
    def _check_validity(self):
        for value in self:
            if value.valid_from and value.valid_to and value.valid_from > value.valid_to:
                raise ValidationError(
                    self.env._(
                        "Valid to: “%(value)s” would end on %(end)s, before it begins on %(begin)s. Correct one of "
                        "the days.",
                        value=value.name,
                        end=value.valid_to,
                        begin=value.valid_from,
                    )
                )

    # -- life cycle --------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse a code that is taken before anything is written, and make one where none is given."""
        default_type = self.default_get(["type_id"]).get("type_id")
        # sudo: a value that the user may not see has its code all the same
        types = self.env["partner.dimension.type"].sudo().with_context(active_test=False)
        type_ids = [vals.get("type_id") or default_type for vals in vals_list]
        taken = {
            kept.id: {value.code: value.name for value in kept.value_ids}
            for kept in types.browse({*type_ids} - {None, False})
        }
        coded = []
        for vals, type_id in zip(vals_list, type_ids, strict=True):
            codes = taken.setdefault(type_id, {})
            code = (vals.get("code") or "").strip() or unused_code(vals.get("name") or "", codes)
            if code in codes:
                self._raise_taken_code(code, codes[code], types.browse(type_id))
            codes[code] = vals.get("name")
            coded.append({**vals, "code": code})
        vals_list = coded
        values = super().create(vals_list)
        self._refresh_names()
        return values

    def write(self, vals):
        """Refuse a loop, a code that is taken and a change of type before anything is written."""
        if "type_id" in vals and any(value.type_id.id != vals["type_id"] for value in self):
            raise UserError(
                self.env._(
                    "Dimension Type: the value “%s” stays with its type. Make a new value in the other type.",
                    self[0].name,
                )
            )
        if vals.get("parent_id"):
            self._refuse_loop(vals["parent_id"])
        if "code" in vals:
            self._refuse_taken_code(vals["code"])
        result = super().write(vals)
        if vals.keys() & {"name", "parent_id"}:
            self._refresh_names()
        else:
            self.env.registry.clear_cache("stable")
        return result

    def _refuse_loop(self, parent_id):
        ancestors = self.sudo().browse(parent_id).parent_path.split("/")
        if any(str(value.id) in ancestors for value in self):
            raise ValidationError(
                self.env._("Parent Value: a value cannot be placed below itself. Choose another parent.")
            )

    def _refuse_taken_code(self, code):
        """Refuse ``code`` if another value of the same type has it, or if there would be none."""
        for value in self:
            # sudo: as in create
            others = value.sudo().with_context(active_test=False).type_id.value_ids - value
            for twin in others.filtered(lambda other: other.code == code):
                self._raise_taken_code(code, twin.name, twin.type_id)
            if not code:
                raise ValidationError(self.env._("Code: the value “%s” needs one. Type a short key.", value.name))

    @api.model
    def _raise_taken_code(self, code, name, dimension_type):
        raise ValidationError(
            self.env._(
                "Code: “%(code)s” already belongs to the value “%(value)s” of “%(type)s”. Choose another code.",
                code=code,
                value=name,
                type=dimension_type.name,
            )
        )

    @api.constrains("parent_id", "type_id")
    def _check_parent(self):
        """Keep each tree within its type, at most six levels high."""
        for value in self:
            parent = value.parent_id
            if not parent:
                continue
            if parent.type_id != value.type_id:
                reason = self.env._("it belongs to “%s”, another dimension type", parent.type_id.name)
            elif not value.type_id.hierarchical:
                reason = self.env._("“%s” is no tree; an administrator can change that", value.type_id.name)
            elif value._height_of_tree() > MAX_DEPTH:
                reason = self.env._("the tree would have more than %s levels", MAX_DEPTH)
            else:
                continue
            raise ValidationError(
                self.env._(
                    "Parent Value: “%(value)s” cannot stand below “%(parent)s”: %(reason)s.",
                    value=value.name,
                    parent=parent.name,
                    reason=reason,
                )
            )

    def _height_of_tree(self):
        """Return how many levels the tree has on the longest way through this value."""
        self.flush_model(["parent_id"])  # the path follows the parent only then
        below = self.sudo().with_context(active_test=False).search([("id", "child_of", self.id)])
        return max(value.parent_path.count("/") for value in below)

    @api.constrains("company_id", "type_id", "parent_id")
    def _check_company_of_type(self):
        """Keep values of two companies apart."""
        for value in self:
            for above in (value.type_id.company_id, value.parent_id.company_id):
                if above and above != value.company_id:
                    raise ValidationError(
                        self.env._(
                            "Company: “%(value)s” stands under something that serves only %(company)s. Choose the same "
                            "company.",
                            value=value.name,
                            company=above.name,
                        )
                    )

    @api.constrains("bound_min", "bound_max", "type_id", "active")
    def _check_bands(self):
        """Refuse bands that are empty or share a number."""
        for dimension_type in self.type_id:
            if dimension_type.rule_basis != "band":
                continue
            bands = dimension_type.value_ids.filtered(lambda value: value._is_band())
            for value in bands:
                if value.bound_min < 0 or (value.bound_max and value.bound_max <= value.bound_min):
                    raise ValidationError(
                        self.env._(
                            "From, Below: the band of “%s” holds no number. “From” must be 0 or more, and “Below” 0 or "
                            "larger than “From”.",
                            value.name,
                        )
                    )
            overlap = first_overlap([(value.bound_min, value.bound_max, value.name) for value in bands])
            if overlap:
                raise ValidationError(
                    self.env._(
                        "From, Below: the bands of “%(first)s” and “%(second)s” overlap. A number must belong to one "
                        "value only.",
                        first=overlap[0],
                        second=overlap[1],
                    )
                )

    def _is_band(self):
        """Tell whether this value has a band at all; the value of all others needs none."""
        return bool(self.bound_min or self.bound_max)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Say what stands in the way, and what to do instead; what is past does not."""
        # sudo: whoever has a value, visible or not
        Assignment = self.env["partner.dimension.assignment"].sudo()
        domain = [("value_id", "in", self.ids), ("until", "=", False)]
        for value, count in Assignment._read_group(domain, ["value_id"], ["__count"]):
            raise UserError(
                self.env._(
                    "Dimension Value: customers have the value “%(value)s” (%(count)s). Archive it, or move them to "
                    "another value first.",
                    value=value.display_name,
                    count=count,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_needed(self):
        """Say who needs a value, before the database does without a name."""
        # sudo: also what the user may not see
        known = self.sudo().with_context(active_test=False)
        for value in known:
            if below := value.child_ids - known:
                raise UserError(
                    self.env._(
                        "Dimension Value: “%(value)s” has values below it: %(below)s. Delete these first, or give them "
                        "another parent.",
                        value=value.name,
                        below=", ".join(below.mapped("name")),
                    )
                )
            if value.type_id.default_value_id == value:
                raise UserError(
                    self.env._(
                        "Dimension Value: “%(value)s” is the value of all others of “%(type)s”. Choose another one "
                        "there first.",
                        value=value.name,
                        type=value.type_id.name,
                    )
                )

    def unlink(self):
        """Keep the past: closed entries go to a value that says that theirs was deleted, with the name it had."""
        self._leave_history()
        result = super().unlink()
        self._refresh_names()
        return result

    def _leave_history(self):
        Assignment = self.env["partner.dimension.assignment"]
        Assignment.flush_model()
        for dimension_type, values in self.sudo().grouped("type_id").items():
            past = Assignment.sudo().search_count([("value_id", "in", values.ids), ("until", "!=", False)], limit=1)
            if past:
                self.env.cr.execute(
                    SQL(
                        "UPDATE partner_dimension_assignment SET value_id = %s "
                        "WHERE value_id IN %s AND until IS NOT NULL",
                        self._deleted_value(dimension_type).id,
                        values._ids,
                    )
                )
        Assignment.invalidate_model()

    @api.model
    def _deleted_value(self, dimension_type):
        """Return the archived value that stands for all deleted ones of ``dimension_type``, made when needed."""
        # sudo: whoever deletes a value keeps its past
        Value = self.sudo().with_context(active_test=False)
        return Value.search([("type_id", "=", dimension_type.id), ("code", "=", DELETED_CODE)]) or Value.create(
            {
                "type_id": dimension_type.id,
                "code": DELETED_CODE,
                "name": self.env._("Deleted values"),
                "active": False,
                "company_id": dimension_type.company_id.id,
                "sequence": 9999,
            }
        )
