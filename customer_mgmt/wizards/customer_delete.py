"""The dialog that stands before the deletion of customers."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.res_partner_delete import CONFIRMED


class CustomerDelete(models.TransientModel):
    """Says what is at stake, offers to mark the customers invalid instead, and asks for the name before it deletes.

    Partners that are no customers are deleted after one question, as Odoo does.
    """

    _name = "customer.delete"
    _description = "Delete Customers"

    partner_ids = fields.Many2many("res.partner", string="Customers", required=True)
    stake = fields.Html(compute="_compute_stake", sanitize=False, help="What hangs on these customers.")
    has_history = fields.Boolean(compute="_compute_stake")
    may_delete = fields.Boolean(compute="_compute_stake")
    can_mark_invalid = fields.Boolean(compute="_compute_stake")
    expected = fields.Char(
        string="Expected Confirmation",
        compute="_compute_stake",
        help="The name of the one customer, or how many customers they are; empty where there is none among them.",
    )
    confirmation = fields.Char(string="Type to Confirm", help="Exactly as it is shown; blanks around it do not matter.")

    @api.depends("partner_ids")
    @api.depends_context("uid")
    def _compute_stake(self):
        """Find out what hangs on the partners and what the user may do with them."""
        for wizard in self:
            partners = wizard.partner_ids._origin
            customers = partners._managed_customers()
            history = customers._partner_history_counts()
            wizard.has_history = bool(history)
            wizard.may_delete = partners.has_access("unlink") and (not customers or customers._may_delete_customers())
            wizard.can_mark_invalid = bool(customers._can_be_marked_invalid())
            wizard.expected = customers.name.strip() if len(customers) == 1 else str(len(customers) or "")
            wizard.stake = wizard._render_stake(partners, history)

    @api.model
    def _render_stake(self, partners, history):
        """Return names, numbers and what hangs on them as a readable list."""
        names = [" · ".join(filter(None, [p.display_name, p.sudo().customer_number])) for p in partners[:10]]
        if len(partners) > len(names):
            names.append(self.env._("… and %s more", len(partners) - len(names)))
        sections = [("", names), (self.env._("History, because of which it cannot be deleted:"), self._rows(history))]
        sections.append((self.env._("Would be deleted with it:"), self._rows(self._lost_counts(partners))))
        if contacts := partners._count_contacts():
            rest = [self.env._("Contact persons and addresses: %s", contacts)]
            sections.append((self.env._("Would remain without a company:"), rest))
        return Markup().join(self._render_list(title, rows) for title, rows in sections if rows)

    @api.model
    def _render_list(self, title, rows):
        """Return ``rows`` as a list below ``title``."""
        heading = Markup("<p class='mb-1'>%s</p>") % title if title else Markup()
        return heading + Markup("<ul>%s</ul>") % Markup().join(Markup("<li>%s</li>") % row for row in rows)

    @api.model
    def _rows(self, counts):
        """Return one line of text per label of {label: {partner id: n}}."""
        return [f"{label}: {sum(by_partner.values())}" for label, by_partner in counts.items()]

    @api.model
    def _lost_counts(self, partners):
        """Return {label: {partner id: n}} of what goes with the partners: their parts, attachments and messages."""
        counts = partners._partner_part_counts()
        for model, column in (("ir.attachment", "res_model"), ("mail.message", "model")):
            # sudo: only the numbers leave
            domain = [(column, "=", "res.partner"), ("res_id", "in", partners.ids)]
            if number := self.env[model].sudo().search_count(domain):
                counts[partners._model_labels([model])[model]] = {False: number}
        return counts

    def action_mark_invalid(self):
        """Go on to the dialog that sets the customers aside."""
        self.ensure_one()
        return self.partner_ids.action_customer_mark_invalid()

    def action_delete(self):
        """Delete for good, once the name was typed; rights and history are checked again by the deletion itself."""
        self.ensure_one()
        if self.expected and (self.confirmation or "").strip() != self.expected:
            raise UserError(
                self.env._(
                    "Type to Confirm: “%(typed)s” is not what was asked for. Type “%(expected)s” to delete for good.",
                    typed=self.confirmation or "",
                    expected=self.expected,
                )
            )
        self.partner_ids.with_context(customer_delete_confirmed=CONFIRMED).unlink()
        action = self.env["ir.actions.act_window"]._for_xml_id("customer_mgmt.res_partner_action_customer")
        return {**action, "target": "main"}
