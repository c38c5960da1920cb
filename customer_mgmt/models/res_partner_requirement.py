"""What a person must fill in, and when it is asked for."""

from odoo import api, models, tools
from odoo.exceptions import ValidationError

from ..tools.dimension import is_column_name
from .res_partner_status import UNCHECKED

REQUIRABLE_TYPES = frozenset(
    {"char", "text", "selection", "many2one", "many2many", "date", "datetime", "integer", "float", "monetary"}
)
MAX_CUSTOMERS_IN_MESSAGE = 10


class ResPartner(models.Model):
    """Holds people to what the category and the mandatory dimensions of a customer require, and nobody else.

    Asked is whoever creates a customer, or changes its status or category: then everything required must be filled in;
    and whoever changes a required field: then that field may not be emptied. All other writes cost nothing and are
    never refused: a warehouse clerk need not complete the file of a salesperson. Visitors and jobs (superuser),
    automatic moves (``UNCHECKED``), marking invalid and restoring are never refused either.
    """

    _inherit = "res.partner"

    # -- what is required --------------------------------------------------------------------------------------------

    @api.model
    def _unrequirable_field_names(self):
        """Return the stored fields that no category may require: given by the system, or not the customer's own."""
        return {
            "color",
            "company_id",
            "company_name",
            "customer_category_id",
            "customer_number",
            "customer_status",
            "customer_status_before_invalid",
            "invalid_by_id",
            "invalid_on",
            "invalid_reason_id",
            "merged_into_id",
            "message_bounce",
            "name",
            "parent_id",
            "partner_gid",
            "partner_latitude",
            "partner_longitude",
            "partner_search_key",
            "type",
            "tz",
            "verified_by_id",
            "verified_on",
        }

    @api.model
    def _may_require(self, field):
        """Tell whether people fill in this field of the partner, the same for every company and every colleague."""
        return (
            field.store
            and field.type in REQUIRABLE_TYPES
            and not (field.readonly or field.company_dependent)
            and field.groups in (None, "", "base.group_user")
        )

    @api.model
    def _fillable_field_names(self):
        """Return the names (sorted list) of the fields that people fill in on a customer, as far as fields tell that.

        New addons bring their own. No question to the database: other fields depend on these.
        """
        excluded = self._unrequirable_field_names()
        return sorted(name for name in self._fields if name not in excluded and self._may_require(self._fields[name]))

    @api.model
    @tools.ormcache(cache="stable")
    def _requirable_field_names(self):
        """Return the names (tuple) of all fields that may be required: of dimensions only those that people choose."""
        chosen = {dimension.column for dimension in self._dimensions_of("customer") if not dimension.frozen}
        return tuple(name for name in self._fillable_field_names() if name in chosen or not is_column_name(name))

    @api.model
    def _mandatory_columns(self, status):
        """Return the columns (frozenset) of the dimensions that customers of this status must have."""
        return frozenset(
            dimension.column for dimension in self._dimensions_of("customer") if status in dimension.mandatory
        )

    @api.model
    @tools.ormcache(cache="stable")
    def _required_names(self):
        """Return {company id: {category id: {status: names (frozenset)}}}: the one answer to what must be filled in.

        That is what the category requires and the dimensions that are mandatory. False stands for all companies that
        have no dimensions of their own, and for customers without a category. Kept between requests.
        """
        dimensions = self._dimensions_of("customer")
        by_category = {False: {}, **self.env["customer.category"]._required_names()}
        mandatory = {status: self._mandatory_columns(status) for status in ("prospect", "active")}
        result = {}
        for company_id in {False, *(dimension.company_id for dimension in dimensions)}:
            # A customer cannot have values of another company's dimension, whoever requires them.
            foreign = {d.column for d in dimensions if d.company_id not in (False, company_id)}
            result[company_id] = {
                category_id: {
                    status: names.union(required.get(status, ())).difference(foreign)
                    for status, names in mandatory.items()
                }
                for category_id, required in by_category.items()
            }
        return result

    @api.model
    @tools.ormcache(cache="stable")
    def _ever_required_names(self):
        """Return the names (frozenset) that some customer must have: only their changes are looked at."""
        by_category = (required for company in self._required_names().values() for required in company.values())
        return frozenset().union(*(required["active"] for required in by_category))

    def _names_by_status(self):
        """Return {status: names (frozenset)} that are required of this customer, or would be in another status."""
        required = self._required_names()
        by_category = required.get(self.company_id._origin.id, required[False])
        return by_category.get(self.customer_category_id._origin.id, by_category[False])

    def _required_field_names(self):
        """Return {partner: names (frozenset)} that are required in its status; none of invalid ones and contacts."""
        nothing = frozenset()
        return {
            partner: known._names_by_status().get(known.customer_status, nothing)
            if known._is_managed_customer()
            else nothing
            for partner, known in zip(self, self.sudo(), strict=True)
        }

    def _empty_field_names(self, names):
        """Return those of ``names`` that hold nothing on this partner, in their order."""
        # sudo: a value that the user may not see is filled in all the same; so is an archived one
        known = self.sudo().with_context(active_test=False)
        return [name for name in names if not known[name]]

    # -- who is asked ------------------------------------------------------------------------------------------------

    @api.model
    def _is_change_by_person(self):
        """Tell whether someone with rights of their own is at work: no visitor, no job, no automatic move."""
        return not self.env.su and self.env.context.get("customer_unchecked") is not UNCHECKED

    @api.model
    def _asked_by(self, vals):
        """Return the names in ``vals`` for which a write is looked at; no query if it concerns others' fields."""
        moves = {"customer_status", "customer_category_id"}
        names = moves.union(self._requirable_field_names()).intersection(vals)
        if names <= moves:
            return names
        return names.intersection(self._ever_required_names() | moves)

    @api.model_create_multi
    def create(self, vals_list):
        """Ask for everything when a person creates a customer."""
        partners = super().create(vals_list)
        if self._is_change_by_person():
            partners._check_requirements({})
        return partners

    def write(self, vals):
        """Ask after the change, so that what is missing can be filled in by the same save."""
        names = self._is_change_by_person() and self._asked_by(vals)
        if not names:
            return super().write(vals)
        before = {
            partner: (
                known.customer_status,
                known.customer_category_id,
                names.difference(known._empty_field_names(names)),
            )
            for partner, known in zip(self, self.sudo(), strict=True)
        }
        result = super().write(vals)
        self._check_requirements(before)
        return result

    def action_customer_activate(self):
        """Ask when a person decides: other than an order, a person can be told what is missing."""
        moving = self.commercial_partner_id.filtered(lambda partner: partner.customer_status == "prospect")
        result = super().action_customer_activate()
        if self._is_change_by_person():
            moving._check_requirements({})
        return result

    def _check_requirements(self, before):
        """Refuse what a person left empty; ``before``: {partner: (status, category, filled names)}, no entry if new."""
        missing = {}
        # Whoever may not choose a dimension cannot be asked for it; the customer is left marked as incomplete.
        others = self._unchoosable_columns()
        for partner, required in self._required_field_names().items():
            if required := required.difference(others):
                asked = partner.sudo()._names_asked(required, *before.get(partner, (None, None, ())))
                if empty := partner._empty_field_names(sorted(asked)):
                    missing[partner] = empty
        if missing:
            lines = [partner._missing_message(names) for partner, names in missing.items()]
            if rest := lines[MAX_CUSTOMERS_IN_MESSAGE:]:
                lines[MAX_CUSTOMERS_IN_MESSAGE:] = [self.env._("… and %s more customers.", len(rest))]
            raise ValidationError("\n".join(lines))

    def _names_asked(self, required, old_status, old_category, filled):
        """Return which of ``required`` this change must leave filled: all after a move, else those it touched."""
        moved = (old_status, old_category) != (self.customer_status, self.customer_category_id)
        restored = old_status == "invalid" and old_category == self.customer_category_id
        return required if moved and not restored else required.intersection(filled)

    def _missing_message(self, names):
        """Return what this customer lacks and who says so: its category, or a dimension that is mandatory for all."""
        known = self.sudo()
        status = dict(self._fields["customer_status"]._description_selection(self.env))[known.customer_status]
        mandatory = self._mandatory_columns(known.customer_status)
        dimensions = [name for name in names if name in mandatory]
        lines = []
        if others := [name for name in names if name not in mandatory]:
            lines.append(
                self.env._(
                    "%(fields)s: must be filled in for “%(customer)s”; the category “%(category)s” requires it "
                    "(%(status)s). Fill in what is missing, then save again.",
                    fields=self._field_labels(others),
                    customer=known.display_name,
                    category=known.customer_category_id.display_name,
                    status=status,
                )
            )
        if dimensions:
            lines.append(
                self.env._(
                    "%(fields)s: must be filled in for “%(customer)s”; every customer needs it in this status "
                    "(%(status)s). Choose a value, then save again.",
                    fields=self._field_labels(dimensions),
                    customer=known.display_name,
                    status=status,
                )
            )
        return "\n".join(lines)

    @api.model
    def _field_labels(self, names):
        """Return the labels of the fields in the user's language, as one text."""
        return ", ".join(self._fields[name]._description_string(self.env) for name in names)
