"""Adopting existing partners as customers: what is adopted, how far it has come, and who started it."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

# What a person decides; fixed once the adoption has begun, because the record tells what was adopted.
PLAN_FIELDS = {"preset", "tag_ids", "domain", "company_id", "customer_status", "category_id"}
# What only the system writes; a client that could would adopt with another person's rights.
SYSTEM_FIELDS = {"state", "total", "started_by_id", "started_on", "finished_on", "batch_ids"}


class CustomerAdoption(models.Model):
    """Makes managed customers of partners that are there already, in the background, while everyone goes on working.

    The record stays as the log of what was adopted. How far it has come is told by the partners themselves: whoever
    has a customer status is done, so it can be stopped and resumed at any time, and run twice without harm.
    """

    _name = "customer.adoption"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Adoption of Customers"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        copy=False,
        default=lambda self: self.env._("Adoption of %s", format_date(self.env, fields.Date.context_today(self))),
    )
    preset = fields.Selection(
        selection="_selection_preset",
        string="Adopt",
        required=True,
        default=lambda self: self._selection_preset()[0][0],
        help="Which partners become customers. Where a contact person meets the condition, its company is adopted.",
    )
    tag_ids = fields.Many2many("res.partner.category", string="Tags", help="One of these, or of the tags below them.")
    domain = fields.Char(string="Filter", default="[]")
    company_id = fields.Many2one(
        "res.company",
        string="Only of Company",
        help="Only partners (and orders) of this company, besides partners that are shared by all. "
        "Empty: of all companies of the user who starts it.",
    )
    customer_status = fields.Selection(
        [("active", "Active"), ("prospect", "Prospect")],
        string="Become",
        required=True,
        default="active",
        help="The customer status that the partners get.",
    )
    category_id = fields.Many2one(
        "customer.category",
        check_company=True,
        ondelete="restrict",
        help="Given to customers that have none. Where it belongs to a company, only partners of that company are "
        "adopted.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("running", "Running"), ("stopped", "Stopped"), ("done", "Done")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    batch_ids = fields.One2many("customer.adoption.batch", "adoption_id", string="Steps", readonly=True, copy=False)
    total = fields.Integer(
        readonly=True, copy=False, help="Customers to adopt when it was started, and those that were adopted before."
    )
    done = fields.Integer(string="Adopted", compute="_compute_progress", help="Partners that have become customers.")
    done_contacts = fields.Integer(
        string="Adopted Contacts", compute="_compute_progress", help="Contact persons that have followed their company."
    )
    progress = fields.Float(compute="_compute_progress", help="Adopted / total, in percent.")
    started_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    started_on = fields.Datetime(readonly=True, copy=False)
    finished_on = fields.Datetime(readonly=True, copy=False)

    @api.depends("batch_ids", "total", "state")
    def _compute_progress(self):
        """Add up the steps in one query for all adoptions."""
        groups = self.env["customer.adoption.batch"]._read_group(
            [("adoption_id", "in", self.ids)], ["adoption_id"], ["customer_count:sum", "contact_count:sum"]
        )
        sums = {adoption: counts for adoption, *counts in groups}
        for adoption in self:
            adoption.done, adoption.done_contacts = sums.get(adoption._origin, (0, 0))
            adoption.progress = 100 * min(1, adoption.done / adoption.total) if adoption.total else 0
            if adoption.state == "done":
                adoption.progress = 100

    @api.model_create_multi
    def create(self, vals_list):
        """Begin as a draft, whatever the client says."""
        for vals in vals_list:
            self._refuse_system_fields(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Keep what was adopted, by whom and how far as it was."""
        self._refuse_system_fields(vals)
        started = self.filtered(lambda adoption: adoption.state != "draft")
        if started and vals.keys() & PLAN_FIELDS:
            raise UserError(
                self.env._(
                    "“%s” has been started and stays as the record of what was adopted. Make a new adoption for other "
                    "partners.",
                    started[0].name,
                )
            )
        return super().write(vals)

    def _refuse_system_fields(self, vals):
        """Refuse values that only the system may write."""
        if not self.env.su and any(vals.get(name) not in (None, False, "draft", []) for name in SYSTEM_FIELDS):
            raise UserError(
                self.env._("An adoption is started and stopped by its buttons; its progress is written by the system.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        """Keep the log of what was adopted."""
        for adoption in self:
            if adoption.state != "draft":
                raise UserError(
                    self.env._("“%s” has been started and stays as the record of what was adopted.", adoption.name)
                )

    def action_start(self):
        """Begin, or go on after a stop; the job does the work."""
        self.check_access("write")
        # sudo: the job is the system's
        job = self.env.ref("customer_mgmt.ir_cron_adopt_customers").sudo()
        job._refuse_switched_off()
        for adoption in self.filtered(lambda adoption: adoption.state in ("draft", "stopped")):
            if reason := adoption._explain_bad_condition():
                raise ValidationError(reason)
            # sudo: the checked method may write what a client may not
            adoption.sudo().write(
                {
                    "state": "running",
                    "started_by_id": self.env.uid,
                    "started_on": adoption.started_on or fields.Datetime.now(),
                }
            )
            adoption.sudo().total = adoption.done + adoption.to_adopt_count
        job._trigger()

    def action_stop(self):
        """Stop after the step that is under way; whoever has been adopted stays a customer."""
        self.check_access("write")
        # sudo: the checked method may write what a client may not
        self.filtered(lambda adoption: adoption.state == "running").sudo().state = "stopped"

    def action_refresh(self):
        """Show how far it has come: the client reloads the form after any button."""
        self.check_access("read")

    def action_open_partners(self):
        """Show the partners that would be adopted, before it is done."""
        self.ensure_one()
        self.check_access("read")
        if reason := self._explain_bad_condition():
            raise ValidationError(reason)
        query = self._query_to_adopt()
        query.limit = 1_000  # a look, no list to work with
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customers to Adopt (at most %s)", query.limit),
            "res_model": "res.partner",
            "view_mode": "list,form",
            "domain": [("id", "in", list(query))],
        }
