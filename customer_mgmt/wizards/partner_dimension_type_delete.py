"""The dialog that stands before the deletion of a dimension type."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..models.partner_dimension_type import CONFIRMED

MAX_NAMES = 10


class PartnerDimensionTypeDelete(models.TransientModel):
    """Says what goes with a dimension type and what stands in the way, and asks for its code before it deletes.

    A type that customers have values of, or had, is deleted only here and only by an administrator. Archiving it keeps
    everything and is what the dialog recommends.
    """

    _name = "partner.dimension.type.delete"
    _description = "Delete Dimension Type"

    type_id = fields.Many2one("partner.dimension.type", string="Dimension", required=True, ondelete="cascade")
    expected = fields.Char(related="type_id.code", string="Expected Confirmation")
    confirmation = fields.Char(string="Type to Confirm", help="The code, exactly as it is shown.")
    stake = fields.Html(
        compute="_compute_stake",
        sanitize=False,
        help="Customers that have a value now, entries of the history, favourites that name the dimension, and what "
        "finds customers by it.",
    )
    obstacles = fields.Html(
        compute="_compute_stake", sanitize=False, help="What names the dimension and must be changed by a person first."
    )
    may_delete = fields.Boolean(compute="_compute_stake", help="What is in use is deleted by an administrator only.")

    @api.model
    def default_get(self, fields_list):
        """Begin with the type that the dialog was opened on."""
        values = super().default_get(fields_list)
        context = self.env.context
        if not values.get("type_id") and context.get("active_model") == "partner.dimension.type":
            ids = context.get("active_ids") or [context.get("active_id")]
            if len(ids) > 1:
                raise UserError(self.env._("Dimension Type: only one at a time can be deleted. Select a single one."))
            values["type_id"] = ids[0]
        return values

    @api.depends("type_id")
    @api.depends_context("uid")
    def _compute_stake(self):
        """Find out what hangs on the type."""
        for wizard in self:
            dimension_type = wizard.type_id._origin
            if not dimension_type:
                wizard.stake = wizard.obstacles = wizard.may_delete = False
                continue
            customers, history = dimension_type._usage()
            wizard.may_delete = wizard._may_delete(history)
            wizard.stake = wizard._render_list(
                [
                    self.env._("Customers that have a value: %s", customers),
                    self.env._("Entries of the history: %s", history),
                    self.env._("Values: %s", len(dimension_type.with_context(active_test=False).value_ids)),
                    *wizard._describe_mentioning(dimension_type),
                ]
            )
            wizard.obstacles = wizard._render_list(
                f"{label}: {self._name_some(records)}"
                for label, records in dimension_type._mentioning_others()
                if records
            )

    @api.model
    def _may_delete(self, history):
        """Tell whether the user may delete a type with so many entries of ``history``."""
        return self.env.user.has_group(
            "customer_mgmt.group_customer_admin" if history else "customer_mgmt.group_customer_config"
        )

    def _describe_mentioning(self, dimension_type):
        """Return (list of str) what goes or stops working with the type, by name where the user may see it."""
        filters = dimension_type._mentioning_filters()
        segments, tags = dimension_type._mentioning_segments(), dimension_type._mentioning_tags()
        rows = [(filters, self.env._("Favourites that name it: %s", len(filters)))]
        if segments:
            rows.append((segments, self.env._("Segments that cannot be used without it: %s", len(segments))))
        if tags:
            rows.append((tags, self.env._("Tags whose rule fails without it: %s", len(tags))))
        return [text + self._name_visible(records) for records, text in rows]

    def _name_visible(self, records):
        # What others keep for themselves is nobody's business; its number is.
        visible = records.with_env(self.env)._filtered_access("read")
        names = ", ".join(visible[:MAX_NAMES].mapped("name"))
        return f" ({names})" if names else ""

    def _name_some(self, records):
        names = records[:MAX_NAMES].mapped("display_name")
        if rest := len(records) - len(names):
            names.append(self.env._("… and %s more", rest))
        return ", ".join(names)

    @api.model
    def _render_list(self, rows):
        """Return ``rows`` as a list, or nothing."""
        items = Markup().join(Markup("<li>%s</li>") % row for row in rows)
        return items and Markup("<ul class='mb-0'>%s</ul>") % items

    def action_delete(self):
        """Delete for good once the code was typed, then show the types that are left on screens without its column."""
        self.ensure_one()
        dimension_type = self.type_id
        dimension_type.check_access("unlink")
        _customers, history = dimension_type._usage()
        if not self._may_delete(history):
            raise AccessError(
                self.env._(
                    "Dimension Type: “%s” is in use, only an administrator of the customer file can delete it. Archive "
                    "it instead.",
                    dimension_type.name,
                )
            )
        if (self.confirmation or "").strip() != dimension_type.code:
            raise UserError(
                self.env._(
                    "Type to Confirm: “%(typed)s” is not the code. Type “%(expected)s” to delete “%(type)s” for good.",
                    typed=self.confirmation or "",
                    expected=dimension_type.code,
                    type=dimension_type.name,
                )
            )
        dimension_type._refuse_shown_elsewhere()
        dimension_type.with_context(dimension_delete=CONFIRMED).unlink()
        # The browser loads everything anew: no open screen may ask for the column again.
        types = self.env.ref("customer_mgmt.partner_dimension_type_action", raise_if_not_found=False)
        return {"type": "ir.actions.client", "tag": "reload", "params": {"action_id": types.id} if types else {}}
