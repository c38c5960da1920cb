"""The dialog that gives a value of a dimension to many customers."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class PartnerDimensionAssign(models.TransientModel):
    """Sets one dimension of a selection of customers, or of all that a filter finds, and says first what that does.

    The dialog keeps whom it is about as it was opened: nobody is changed who was not counted. Contact persons stand for
    their company.
    """

    _name = "partner.dimension.assign"
    _inherit = "partner.dimension.bulk"
    _description = "Set Dimension"

    selected_ids = fields.Json(
        string="Selected Partners", readonly=True, help="Whom the dialog was opened on; 20,000 and more are no problem."
    )
    selected_text = fields.Char(
        string="Selected",
        compute="_compute_selected_text",
        help="How many partners were selected or found, contact persons included.",
    )
    whole_filter = fields.Boolean(readonly=True, help="The selection is all that the filter of the list finds.")
    allowed_type_ids = fields.Many2many(
        "partner.dimension.type",
        compute="_compute_allowed_type_ids",
        help="The dimensions whose values the present user may choose.",
    )
    type_id = fields.Many2one(
        "partner.dimension.type",
        string="Dimension",
        domain="[('id', 'in', allowed_type_ids)]",
        ondelete="cascade",
    )
    value_id = fields.Many2one(
        "partner.dimension.value",
        domain="[('type_id', '=', type_id), ('is_selectable', '=', True)]",
        ondelete="cascade",
    )
    empty = fields.Boolean(
        string="Take the Value Away",
        help="The customers have no value afterwards, until somebody chooses one or a rule gives one.",
    )

    # -- whom it is about --------------------------------------------------------------------------------------------

    @api.model
    def _open_for(self, partners):
        """Return a new dialog on ``partners``, or on all that the filter in the context finds if they reach the limit.

        Only whom the user may read is in it.
        """
        found, whole_filter = partners._selection_or_filter()
        return self.create({"selected_ids": found.ids, "whole_filter": whole_filter})

    @api.depends("selected_ids", "whole_filter")
    def _compute_selected_text(self):
        for wizard in self:
            count = len(wizard.selected_ids or ())
            wizard.selected_text = (
                self.env._("Everything that the filter finds: %s", count)
                if wizard.whole_filter
                else self.env._("Selected: %s", count)
            )

    # -- what is to happen -------------------------------------------------------------------------------------------

    @api.depends_context("uid")
    def _compute_allowed_type_ids(self):
        """Offer what the user may choose on a customer, too."""
        readonly = set(self.env["res.partner"].new().dimension_readonly)
        types = self.env["partner.dimension.type"].browse(
            dimension.id
            for dimension in self.env["partner.dimension.type"]._dimensions()
            if dimension.column not in readonly
        )
        self.allowed_type_ids = types._filtered_access("read")

    @api.onchange("type_id", "empty")
    def _onchange_type_id(self):
        """Forget a value of another dimension, or one that is to be taken away."""
        if self.empty or self.value_id.type_id != self.type_id:
            self.value_id = False

    @api.depends("selected_ids", "type_id", "value_id", "empty")
    @api.depends_context("uid")
    def _compute_summary(self):
        """Count as soon as the user has said what is to happen."""
        return super()._compute_summary()

    def _dimension(self):
        return self._find_dimension(self.type_id)

    def _target_value(self):
        return self.value_id.browse() if self.empty else self.value_id._origin

    def _make_plan(self):
        dimension, value = self._dimension(), self._target_value()
        if not dimension or not (value or self.empty):
            return None
        if value and value.type_id != self.type_id._origin:
            return None
        # Asked anew: a client may have written anything, and nobody is to learn what a hidden customer has.
        Partner = self.env["res.partner"].with_context(active_test=False)
        readable = Partner._search(Domain("id", "in", self.selected_ids or []))
        return Partner._plan_dimension(dimension, value, list(readable))

    def action_confirm(self):
        """Change whom the user may change, in one transaction, and say who was left out."""
        self.ensure_one()
        self.check_access("write")
        self._check_choice()
        changed, skipped = self._apply_plan()
        return self._tell_result(changed, skipped)

    def _check_choice(self):
        """Refuse what the form does not offer; clients are not bound by it."""
        if not self.type_id or not (self.value_id or self.empty):
            raise UserError(self.env._("Dimension, Value: choose a dimension, and a value or “Take the Value Away”."))
        dimension = self._dimension()
        if not dimension:
            raise UserError(self.env._("Dimension: “%s” is archived. Choose another one.", self.type_id.name))
        if not self.empty and self.value_id.type_id != self.type_id:
            raise UserError(
                self.env._(
                    "Value: “%(value)s” is no value of “%(type)s”. Choose one of its own values.",
                    value=self.value_id.name,
                    type=self.type_id.name,
                )
            )
        if self.empty and self.type_id.mandatory == "always":
            raise UserError(
                self.env._(
                    "%s: every customer must have a value, it cannot be taken away. Choose another value.",
                    self.type_id.name,
                )
            )
