"""The dialog that moves all customers from one value of a dimension to another."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class PartnerDimensionMove(models.TransientModel):
    """Empties a value, for instance before it is archived: everyone who has it gets another one of the same dimension.

    The history shows both, and the reason. Values below the one that is emptied are values of their own and stay.
    """

    _name = "partner.dimension.move"
    _inherit = "partner.dimension.bulk"
    _description = "Move All to Another Value"

    value_id = fields.Many2one("partner.dimension.value", string="From", required=True, ondelete="cascade")
    type_id = fields.Many2one(related="value_id.type_id", string="Dimension")
    new_value_id = fields.Many2one(
        "partner.dimension.value",
        string="To",
        domain="[('type_id', '=', type_id), ('id', '!=', value_id), ('is_selectable', '=', True)]",
        ondelete="cascade",
    )
    archive = fields.Boolean(string="Archive the Old Value Afterwards", help="Only if nobody has it any more.")
    is_default = fields.Boolean(
        string="Is the Value of All Others",
        compute="_compute_is_default",
        help="Customers without any other value are given the old value again, until the dimension names another one.",
    )
    may_change_default = fields.Boolean(
        compute="_compute_is_default", help="The present user may change the dimension itself."
    )
    change_default = fields.Boolean(
        string="All Others Get the New Value", help="The new value takes the old one's place in the dimension."
    )

    @api.model
    def default_get(self, fields_list):
        """Begin with the value that the dialog was opened on."""
        values = super().default_get(fields_list)
        context = self.env.context
        if not values.get("value_id") and context.get("active_model") == "partner.dimension.value":
            ids = context.get("active_ids") or [context.get("active_id")]
            if len(ids) > 1:
                raise UserError(self.env._("Dimension Value: only one at a time can be emptied. Select a single one."))
            values["value_id"] = ids[0]
        return values

    @api.depends("value_id")
    @api.depends_context("uid")
    def _compute_is_default(self):
        for wizard in self:
            dimension_type = wizard.value_id.type_id
            wizard.is_default = bool(wizard.value_id) and dimension_type.default_value_id == wizard.value_id
            wizard.may_change_default = dimension_type.has_access("write")

    @api.depends("value_id", "new_value_id")
    @api.depends_context("uid")
    def _compute_summary(self):
        """Count as soon as the user has said where everyone goes."""
        return super()._compute_summary()

    def _dimension(self):
        return self._find_dimension(self.value_id.type_id)

    def _target_value(self):
        return self.new_value_id._origin

    def _make_plan(self):
        dimension, value = self._dimension(), self._target_value()
        if not dimension or not value:
            return None
        return self.env["res.partner"]._plan_dimension(dimension, value, self._find_holders(), population=False)

    def _find_holders(self):
        """Return the ids of everyone who has the old value, visible to the user or not."""
        column = self._dimension().column
        self.env["res.partner"].flush_model([column])
        query = SQL("SELECT id FROM res_partner WHERE %s = %s", SQL.identifier(column), self.value_id._origin.id)
        return [partner_id for (partner_id,) in self.env.execute_query(query)]

    def action_confirm(self):
        """Move whom the user may change, in one transaction, and say who was left out."""
        self.ensure_one()
        self.check_access("write")
        self.value_id.check_access("write")
        self._check_choice()
        changed, skipped = [], {}
        if self._find_holders():
            changed, skipped = self._apply_plan()
        elif not (self.archive or self.change_default):
            raise UserError(self.env._("From: no customer has the value “%s”.", self.value_id.display_name))
        notes = self._change_default() + self._archive_old()
        return self._tell_result(changed, skipped, notes)

    def _check_choice(self):
        """Refuse what makes no sense, whoever asks for it."""
        old, new = self.value_id, self.new_value_id
        if not new:
            raise UserError(self.env._("To: choose the value that the customers get."))
        if old == new:
            raise UserError(self.env._("To: this is the value that they have. Choose another one."))
        if old.type_id != new.type_id:
            raise UserError(
                self.env._(
                    "To: “%(value)s” is a value of “%(other)s”. Choose one of “%(type)s”.",
                    value=new.name,
                    other=new.type_id.name,
                    type=old.type_id.name,
                )
            )
        dimension = self._dimension()
        if not dimension:
            raise UserError(
                self.env._("Dimension: “%s” is archived. Bring it back before you move customers.", old.type_id.name)
            )
        if dimension.frozen:
            raise UserError(
                self.env._(
                    "%s: its values come from rules only, which would give the old value again at once. Change what "
                    "the rules look at.",
                    old.type_id.name,
                )
            )
        self.env["res.partner"]._refuse_choice(dimension, new.ids)

    def _change_default(self):
        """Let the new value take the old one's place in the dimension, if asked; return what to say about it."""
        if not self.is_default:
            return []
        if self.change_default:
            # Whoever may not change dimensions is refused here.
            self.type_id.default_value_id = self.new_value_id
            return []
        return [
            self.env._(
                "“%(value)s” is still the value of all others in “%(type)s”: rules go on giving it.",
                value=self.value_id.name,
                type=self.type_id.name,
            )
        ]

    def _archive_old(self):
        """Archive the old value if asked and if nobody has it; return what to say if it could not be."""
        if not self.archive:
            return []
        left = len(self.env["res.partner"]._dimension_entities(self._dimension(), self._find_holders()))
        if left:
            return [
                self.env._(
                    "“%(value)s” was not archived: customers still have it (%(count)s).",
                    value=self.value_id.name,
                    count=left,
                )
            ]
        if self.type_id.default_value_id == self.value_id:
            return [self.env._("“%s” was not archived: it is the value of all others.", self.value_id.name)]
        self.value_id.active = False
        return []
