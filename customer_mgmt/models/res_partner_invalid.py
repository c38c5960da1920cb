"""Setting a customer aside: why, when, and by whom."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .res_partner_status import UNCHECKED


class ResPartner(models.Model):
    """Keeps the reason with every invalid customer, and takes it away when the customer is restored.

    The facts stand on the customer alone: contact persons follow its status, and nothing filters them by the rest.
    """

    _inherit = "res.partner"

    invalid_reason_id = fields.Many2one(
        "customer.invalid.reason",
        string="Reason for Invalid",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        copy=False,
        groups="base.group_user",
        help="Why the customer was set aside. Cleared when it is restored; the history below the form keeps it.",
        prefetch="customer_file",
    )
    invalid_note = fields.Text(
        string="Note on Invalid",
        tracking=True,
        copy=False,
        groups="base.group_user",
        help="What else whoever meets this customer again should know.",
        prefetch="customer_file",
    )
    invalid_on = fields.Date(
        string="Invalid since",
        readonly=True,
        tracking=True,
        copy=False,
        groups="base.group_user",
        help="The day on which the customer was marked invalid; recorded by the system.",
        prefetch="customer_file",
    )
    invalid_by_id = fields.Many2one(
        "res.users",
        string="Marked Invalid by",
        readonly=True,
        ondelete="set null",
        tracking=True,
        copy=False,
        groups="base.group_user",
        help="Who marked the customer invalid; recorded by the system.",
        prefetch="customer_file",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse facts that only the system records."""
        for vals in vals_list:
            self._refuse_system_fields(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Record who marks a customer invalid and when, and forget it all when the customer is restored."""
        self._refuse_system_fields(vals)
        if "customer_status" not in vals or self.env.context.get("customer_unchecked") is UNCHECKED:
            return super().write(vals)
        new_status = vals["customer_status"] or False
        # sudo: who may change a partner need not be allowed to read all of it
        moving = self.sudo().filtered(
            lambda partner: (
                (partner.customer_status or False) != new_status and partner.commercial_partner_id == partner
            )
        )
        if new_status == "invalid":
            facts = {"invalid_on": fields.Date.context_today(self), "invalid_by_id": self.env.uid}
        else:
            moving = moving.filtered(lambda partner: partner.customer_status == "invalid")
            facts = dict.fromkeys(self._invalid_fields(), False)
        marked, rest = self & moving, self - moving
        # First whoever moves: contact persons in the same selection follow.
        result = super(ResPartner, marked).write({**vals, **facts}) if marked else True
        return super(ResPartner, rest).write(vals) if rest else result

    @api.model
    def _invalid_fields(self):
        """Return the fields that say why, when and by whom a customer was set aside."""
        return ["invalid_reason_id", "invalid_note", "invalid_on", "invalid_by_id"]

    @api.model
    def _system_fields(self):
        """Return those of our fields that only the system records, so that they can be believed."""
        return {"invalid_on", "invalid_by_id"}

    def _refuse_system_fields(self, vals):
        """Refuse what a person, a file or a client wants to say in the system's name."""
        if self.env.su or self.env.context.get("customer_unchecked") is UNCHECKED:
            return
        for name in self._system_fields().intersection(vals):
            # To empty what is empty says nothing; a new record comes here without any partner.
            if vals[name] or any(partner[name] for partner in self.sudo()):
                raise UserError(
                    self.env._(
                        "%(field)s: this is recorded by the system and cannot be entered. Leave it out.",
                        field=self._fields[name]._description_string(self.env),
                    )
                )

    def _can_be_marked_invalid(self):
        """Return the customers of these partners (the company, for a contact person) that are not set aside yet."""
        return self.commercial_partner_id.filtered(lambda partner: partner.customer_status in ("prospect", "active"))

    def _mark_invalid(self, reason=None, note=None):
        """Set the customers among these partners aside for ``reason`` (record) and return them."""
        customers = self._can_be_marked_invalid()
        vals = {"customer_status": "invalid"}
        if reason:
            vals["invalid_reason_id"] = reason.id
        if note:
            vals["invalid_note"] = note
        customers.write(vals)
        return customers

    def action_customer_mark_invalid(self):
        """Ask why, then set the customers among these partners aside without losing anything."""
        self.commercial_partner_id.check_access("write")
        customers = self._can_be_marked_invalid()
        if not customers:
            raise UserError(
                self.env._(
                    "Customer Status: nothing to mark invalid, none of the selected partners is a prospect or an "
                    "active customer. Select at least one."
                )
            )
        return customers._action_invalidate()

    def _action_invalidate(self):
        """Return the action that opens the dialog “Mark Invalid” on these customers."""
        action = self.env["ir.actions.act_window"]._for_xml_id("customer_mgmt.customer_invalidate_action")
        return {**action, "context": {"default_partner_ids": self.ids}}
