"""The life cycle of a customer."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

# Every move a person may make: (from, to), where False is a partner that is not managed as a customer.
STATUS_MOVES = frozenset(
    {
        (False, "prospect"),
        ("prospect", "active"),
        ("prospect", "invalid"),
        ("active", "invalid"),
        ("invalid", "prospect"),
        ("invalid", "active"),
    }
)

# A value that no client can send: code of ours that moves customers for a reason of its own passes it in the context.
UNCHECKED = object()


class ResPartner(models.Model):
    """Makes a partner a managed customer by giving it a status, and keeps the moves of that status honest.

    The status stands on the commercial entity and is copied to its contact persons, so that rules and filters can use
    a plain column; only entities count as customers (``_customer_domain``).

    Our other columns have a prefetch group of their own, "customer_file": whoever reads a partner for any other purpose
    is not made to fetch them too.
    """

    _inherit = "res.partner"

    customer_status = fields.Selection(
        [("prospect", "Prospect"), ("active", "Active"), ("invalid", "Invalid")],
        index="btree_not_null",
        tracking=True,
        copy=False,
        groups="base.group_user",
        help="Prospect: not yet bought. Active: a customer we do business with. Invalid: wrong, closed or a mistake; "
        "kept with its history, and restored to what it was at any time. Empty: not managed as a customer.",
    )
    customer_status_before_invalid = fields.Selection(
        [("prospect", "Prospect"), ("active", "Active")],
        string="Status before Invalid",
        copy=False,
        groups="base.group_user",
        help="What the customer returns to when it is restored.",
        prefetch="customer_file",
    )

    @api.model
    def _customer_domain(self):
        """Return the one definition of "our customers": lists, counts and reports all use it."""
        return Domain("customer_status", "!=", False) & (
            Domain("is_company", "=", True) | Domain("parent_id", "=", False)
        )

    def _is_managed_customer(self):
        """Tell in Python what ``_customer_domain`` tells the database: this partner counts as one customer."""
        return bool(self.customer_status) and (self.is_company or not self.parent_id)

    @api.model
    def _customer_commercial_fields(self):
        """Return those of our fields that contact persons share with their company."""
        return ["customer_status", "customer_status_before_invalid"]

    @api.model
    def _commercial_fields(self):
        return super()._commercial_fields() + self._customer_commercial_fields()

    @api.model_create_multi
    def create(self, vals_list):
        """Let a customer begin as a prospect, or active when it is brought along from elsewhere; never invalid.

        Who comes by the website or the portal begins as a prospect, whatever the form says.
        """
        vals_list = [dict(vals) for vals in vals_list]  # a caller may pass one dict several times
        default = self.default_get(["customer_status"]).get("customer_status")
        for vals in vals_list:
            status = vals.get("customer_status", default)
            if status == "active" and not self.env.user._is_internal():
                vals["customer_status"] = "prospect"
            if status == "invalid":
                raise ValidationError(
                    self.env._(
                        "Customer Status: “%(name)s” cannot begin as invalid. Create it as a prospect, then mark it.",
                        name=vals.get("name"),
                    )
                )
        return super().create(vals_list)

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Let a customer that a mail creates begin as a prospect, whatever its alias says."""
        if custom_values and custom_values.get("customer_status"):
            custom_values = {**custom_values, "customer_status": "prospect"}
        return super().message_new(msg_dict, custom_values)

    def write(self, vals):
        """Check every move of the status, and remember what an invalid customer was."""
        if "customer_status" not in vals or self.env.context.get("customer_unchecked") is UNCHECKED:
            return super().write(vals)
        new_status = vals["customer_status"] or False
        moving = self.sudo().filtered(lambda partner: (partner.customer_status or False) != new_status)
        moving._check_status_move(new_status)
        if new_status != "invalid":
            return super().write(vals)
        result = True
        for old_status, partners in moving.grouped("customer_status").items():
            result = super(ResPartner, self & partners).write({**vals, "customer_status_before_invalid": old_status})
        rest = self - moving
        return super(ResPartner, rest).write(vals) if rest else result

    def _check_status_move(self, new_status):
        """Refuse a move that the life cycle does not know, naming the customer and what is possible instead."""
        for partner in self:
            entity = partner.commercial_partner_id
            if entity != partner:
                if entity.customer_status != new_status:
                    raise UserError(
                        self.env._(
                            "Customer Status: %(contact)s is a contact of %(customer)s and follows its status. "
                            "Change it there.",
                            contact=partner.name,
                            customer=entity.name,
                        )
                    )
            elif not partner._may_move_to(new_status):
                label = dict(self._fields["customer_status"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "Customer Status: %(customer)s cannot go from “%(old)s” to “%(new)s”.",
                        customer=partner.name,
                        old=label.get(partner.customer_status, self.env._("not managed")),
                        new=label.get(new_status, self.env._("not managed")),
                    )
                )

    def _may_move_to(self, new_status):
        """Tell whether this customer may take ``new_status``; from invalid the only way leads back."""
        old_status = self.customer_status or False
        if old_status == "invalid" and self.customer_status_before_invalid:
            return new_status == self.customer_status_before_invalid
        if not old_status and new_status == "active":
            return bool(self.env.context.get("import_file"))  # a customer file of before: adopted as it was
        return (old_status, new_status) in STATUS_MOVES

    def _activate_customer(self, cause):
        """Make the prospects among these partners (or their companies) active, and note ``cause`` (str) on them.

        Idempotent, and never refused for missing fields: business has happened, the file catches up.
        """
        # sudo: whoever confirms an order need not be allowed to change the customer
        prospects = self.sudo().commercial_partner_id.filtered(lambda partner: partner.customer_status == "prospect")
        prospects._track_set_log_message(cause)
        prospects.with_context(customer_unchecked=UNCHECKED).write({"customer_status": "active"})

    def action_customer_manage(self):
        """Begin to manage these partners (a contact person stands for the company) as prospects."""
        self.commercial_partner_id.filtered(lambda partner: not partner.customer_status).write(
            {"customer_status": "prospect"}
        )

    def action_customer_activate(self):
        """Turn prospects into active customers, by a person's decision."""
        self.commercial_partner_id.check_access("write")
        self._activate_customer(self.env._("Made active by %s", self.env.user.name))

    def action_customer_restore(self):
        """Bring invalid customers back to what they were."""
        invalid = self.filtered(lambda partner: partner.customer_status == "invalid")
        for status, partners in invalid.grouped("customer_status_before_invalid").items():
            partners.write({"customer_status": status or "prospect"})

    def action_open_customer_form(self):
        """Open the customer's own form: of the company, when called on a contact person."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("customer_mgmt.res_partner_action_customer")
        form = self.env.ref("customer_mgmt.res_partner_view_form_customer")
        return {**action, "views": [(form.id, "form")], "res_id": self.commercial_partner_id.id}

    def copy_data(self, default=None):
        """A copy of a customer is a new prospect, whatever the original has become."""
        vals_list = super().copy_data(default=default)
        for partner, vals in zip(self, vals_list, strict=True):
            if partner.sudo().customer_status:
                vals.setdefault("customer_status", "prospect")
        return vals_list
