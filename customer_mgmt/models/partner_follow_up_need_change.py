"""How a need of the customer changed in a conversation."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# What a conversation can change of a need.
CHANGED = ("name", "budget_min", "budget_max", "priority", "is_open")


class PartnerFollowUpNeedChange(models.Model):
    """One need before and after a follow-up. A line without need makes a new one; the need itself is changed when the
    follow-up is saved, and the line keeps both.
    """

    _name = "partner.follow.up.need.change"
    _inherit = ["partner.part.mixin"]
    _description = "Change of a Need"
    _order = "id"
    # As the follow-up.
    _part_change_takes = "read"

    follow_up_id = fields.Many2one("partner.follow.up", required=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one(
        related="follow_up_id.partner_id", store=True, precompute=True, string="Customer", ondelete="restrict"
    )
    need_id = fields.Many2one(
        "customer.need",
        index="btree_not_null",
        ondelete="set null",
        domain="[('partner_id', '=', partner_id)]",
        help="Empty: a new need.",
    )
    currency_id = fields.Many2one(related="need_id.currency_id")
    name = fields.Char(string="What Is Wanted", compute="_compute_new", store=True, readonly=False, precompute=True)
    budget_min = fields.Float(
        string="Budget from", compute="_compute_new", store=True, readonly=False, precompute=True, digits=(16, 2)
    )
    budget_max = fields.Float(
        string="Budget to", compute="_compute_new", store=True, readonly=False, precompute=True, digits=(16, 2)
    )
    priority = fields.Selection(
        selection=lambda self: self.env["customer.need"]._fields["priority"]._description_selection(self.env),
        compute="_compute_new",
        store=True,
        readonly=False,
        precompute=True,
    )
    is_open = fields.Boolean(string="Still Open", compute="_compute_new", store=True, readonly=False, precompute=True)
    old_values = fields.Json(readonly=True, help="What the need said before; empty for a new need.")
    is_applied = fields.Boolean(readonly=True)
    description = fields.Char(
        string="Change",
        compute="_compute_description",
        help="What changed, as old → new.",
    )

    @api.depends("need_id")
    def _compute_new(self):
        """Begin with what the need says now."""
        for change in self:
            if change.is_applied:
                continue
            need = change.need_id
            change.name = need.name or need.display_name if need else change.name
            change.budget_min, change.budget_max = need.budget_min, need.budget_max
            change.priority = need.priority or "1"
            change.is_open = need.is_open if need else True

    @api.depends(*CHANGED, "old_values", "need_id")
    @api.depends_context("lang")
    def _compute_description(self):
        labels = {name: self.env["customer.need"]._fields[name]._description_string(self.env) for name in CHANGED}
        for change in self:
            before = change.old_values or {}
            if not change.is_applied or not before:
                change.description = self.env._("New: %s", change.name or change.need_id.display_name or "")
                continue
            said = [
                f"{labels[name]}: {change._in_words(name, before.get(name))} → {change._in_words(name, change[name])}"
                for name in CHANGED
                if before.get(name) != change[name]
            ]
            title = change.need_id.display_name or before.get("name") or ""
            change.description = f"{title}: {', '.join(said) or self.env._('unchanged')}"

    def _in_words(self, name, value):
        """Return a value of a need as people read it."""
        if name == "priority":
            return dict(self._fields[name]._description_selection(self.env)).get(value, "—")
        if name == "is_open":
            return self.env._("open") if value else self.env._("closed")
        # From the database's JSON whole amounts come as integers.
        return f"{value:,.2f}" if value and self._fields[name].type == "float" else (value or "—")

    @api.constrains("need_id", "name", "budget_min", "budget_max")
    def _check_change(self):
        """Refuse needs of other customers, a new one that says nothing, and amounts that are no range."""
        for change in self:
            if change.need_id and change.need_id.partner_id != change.partner_id:
                raise ValidationError(
                    self.env._(
                        "Changes of Needs: “%(need)s” is not a need of %(customer)s.",
                        need=change.need_id.display_name,
                        customer=change.partner_id.display_name,
                    )
                )
            if not change.need_id and not change.name:
                raise ValidationError(self.env._("Changes of Needs: say what is wanted, or choose a need."))
            if min(change.budget_min, change.budget_max) < 0 or 0 < change.budget_max < change.budget_min:
                raise ValidationError(
                    self.env._(
                        "Budget of “%(need)s”: it goes from a smaller to a larger amount, and neither is below 0. "
                        "Correct one of the two.",
                        need=change.name or change.need_id.display_name,
                    )
                )

    def _apply(self):
        """Change the needs, with the rights of whoever recorded the conversation, and keep what they said before."""
        for change in self.filtered(
            lambda change: not change.is_applied and change.follow_up_id.state in ("done", "corrected")
        ):
            need, values = change.need_id, {name: change[name] for name in CHANGED}
            before = {name: need[name] for name in CHANGED} if need else False
            if need:
                if need.name != change.name and not need.name and change.name == need.display_name:
                    values.pop("name")
                need.write({name: value for name, value in values.items() if need[name] != value})
            else:
                need = need.create({**values, "partner_id": change.partner_id.id})
            # sudo: the note on what the user was allowed to do
            change.sudo().write({"need_id": need.id, "old_values": before, "is_applied": True})

    @api.model_create_multi
    def create(self, vals_list):
        """What is added to a recorded follow-up is a correction of it, and changes the need at once."""
        if not self.env.su:
            vals_list = [
                {name: value for name, value in vals.items() if name not in ("old_values", "is_applied")}
                for vals in vals_list
            ]
        changes = super().create(vals_list)
        changes._check_correction()
        changes._apply()
        return changes

    def write(self, vals):
        """What was applied is history."""
        self._check_not_applied()
        if not self.env.su and vals.keys() & {"follow_up_id", "old_values", "is_applied", "partner_id"}:
            raise ValidationError(self.env._("Changes of Needs: what a change was is written by the system."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        """What was applied is history."""
        self._check_not_applied()

    def _check_not_applied(self):
        """Refuse people to touch changes that were made."""
        if not self.env.su and any(change.is_applied for change in self):
            raise ValidationError(
                self.env._(
                    "Changes of Needs: this change was made already. Record another follow-up to change it again."
                )
            )

    def _check_correction(self):
        """Refuse people what the rule of corrections refuses, also past the follow-up's own form."""
        if self.env.su:
            return
        for follow_up in self.follow_up_id.filtered(lambda follow_up: follow_up.state != "draft"):
            follow_up._check_correction({"correction_reason": follow_up.correction_reason})
