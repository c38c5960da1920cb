"""What the dialogs that change the dimension of many customers have in common."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

MAX_NAMES = 10


class PartnerDimensionBulk(models.AbstractModel):
    """Counts before it changes: how many will, how many need not, and who is left out for which reason, by name.

    A dialog says what is to happen (``_dimension``, ``_target_value``, ``_make_plan``) and calls ``_apply_plan``.
    """

    _name = "partner.dimension.bulk"
    _description = "Change of a Dimension for Many Customers"

    reason = fields.Char(help="Why. It stands in the history of every customer that gets the value.")
    summary = fields.Html(
        compute="_compute_summary",
        sanitize=False,
        help="Customers that will change, those that have the value already, and those that are left out. Counted as "
        "the present user: customers, not their contact persons.",
    )
    changing_count = fields.Integer(
        string="Will Change", compute="_compute_summary", help="Customers that the button below will change."
    )

    def _compute_summary(self):
        """Count; dialogs say what it depends on."""
        for wizard in self:
            plan = wizard._make_plan()
            wizard.changing_count = len(plan.changing) if plan else 0
            wizard.summary = wizard._render_plan(plan) if plan else False

    # -- what a dialog says ------------------------------------------------------------------------------------------

    def _dimension(self):
        """Return the Dimension that is to be changed, or None while the user has not said."""
        raise NotImplementedError

    def _target_value(self):
        """Return the value (record) that is given; empty to take it away."""
        raise NotImplementedError

    def _make_plan(self):
        """Return the DimensionPlan of what the dialog asks for, or None while something is missing."""
        raise NotImplementedError

    @api.model
    def _find_dimension(self, dimension_type):
        """Return the Dimension of ``dimension_type`` (record), or None; archived ones are none."""
        dimensions = self.env["partner.dimension.type"]._dimensions()
        return next((dimension for dimension in dimensions if dimension.id == dimension_type._origin.id), None)

    # -- telling -----------------------------------------------------------------------------------------------------

    def _render_plan(self, plan):
        """Return numbers and names of ``plan`` as a readable list."""
        rows = [self.env._("Will change: %s", len(plan.changing))]
        if plan.having:
            rows.append(self._having_text(len(plan.having)))
        rows += self._describe_skipped(plan.skipped)
        first, *rest = rows
        return Markup("<ul class='mb-0'><li><strong>%s</strong></li>%s</ul>") % (
            first,
            Markup().join(Markup("<li>%s</li>") % row for row in rest),
        )

    def _having_text(self, count):
        if self._target_value():
            return self.env._("Have this value already: %s", count)
        return self.env._("Have no value: %s", count)

    def _describe_skipped(self, skipped):
        """Return one line per reason of ``skipped`` ({reason: ids}), with the first names."""
        labels = self._skip_labels()
        return [
            self.env._(
                "Left out, %(reason)s (%(count)s): %(names)s", reason=labels[reason], count=len(ids), names=names
            )
            for reason, ids in skipped.items()
            for names in [self._name_some(ids)]
        ]

    def _skip_labels(self):
        """Return {reason: words}."""
        contacts = self._dimension().applies_to == "contact"
        return {
            "population": self.env._("they are no contact persons of customers")
            if contacts
            else self.env._("they are no customers"),
            "company": self.env._("they do not belong to %s", self._target_value().company_id.name),
            "mandatory": self.env._("they must have a value"),
            "access": self.env._("you may not change them"),
            "busy": self.env._("somebody else is changing them just now"),
        }

    @api.model
    def _name_some(self, ids):
        """Return the first names of ``ids``, as far as the user may see them, and how many more there are."""
        Partner = self.env["res.partner"].with_context(active_test=False)
        seen = Partner.search([("id", "in", ids)], limit=MAX_NAMES)
        names = seen.mapped("display_name")
        if rest := len(ids) - len(names):
            names.append(self.env._("… and %s more", rest))
        return ", ".join(names)

    # -- doing -------------------------------------------------------------------------------------------------------

    def _apply_plan(self):
        """Carry the plan out in this transaction; return (ids that changed, {reason: ids left out}).

        The count is made anew: the customers may have changed since the dialog was opened.
        """
        dimension, value = self._dimension(), self._target_value()
        self.env["res.partner"]._refuse_choice(dimension, value.ids)
        plan = self._make_plan()
        if not plan.changing:
            rows = self._describe_skipped(plan.skipped)
            raise UserError(
                self.env._("%s: no customer would change.", self._type_name()) + "".join(f"\n{row}" for row in rows)
            )
        wanted = SQL(
            "SELECT partner_id, %s::integer AS value_id FROM unnest(%s::integer[]) AS partner_id",
            value.id or None,
            plan.changing,
        )
        # The plan holds only customers that the user may change.
        changed = self.env["res.partner"]._apply_dimension(
            dimension, wanted, "manual", {value.id: self.reason or None} if value else {}
        )
        # What was taken away a rule may give again, and other rules may look at this dimension.
        self.env["res.partner"].browse(changed)._evaluate_dimensions()
        skipped = dict(plan.skipped)
        if busy := sorted(set(plan.changing).difference(changed)):
            skipped["busy"] = busy
        return changed, skipped

    def _type_name(self):
        """Return what the dimension is called in the user's language."""
        return self.env["partner.dimension.type"]._column_labels()[self._dimension().column]

    def _tell_result(self, changed, skipped, notes=()):
        """Return the action that says what was done; it stays on the screen while somebody was left out."""
        count = sum(map(len, skipped.values()))
        text = self.env._("%(changed)s changed, %(skipped)s left out", changed=len(changed), skipped=count)
        lines = [text, *self._describe_skipped(skipped), *notes]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self._type_name(),
                "message": " · ".join(lines),  # one paragraph: the client knows no lines here
                "type": "warning" if count else "success",
                "sticky": bool(count or notes),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
