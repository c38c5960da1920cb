"""Starting evaluations of dimension types."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class PartnerDimensionType(models.Model):
    """Lets people and jobs start an evaluation, and shows how the last one went."""

    _inherit = "partner.dimension.type"

    last_run_id = fields.Many2one(
        "partner.dimension.run",
        string="Last Evaluation",
        compute="_compute_last_run",
        groups="customer_mgmt.group_customer_config",
        help="The evaluation of the rules that was started last.",
    )
    last_run_state = fields.Char(
        string="Status of the Last Evaluation",
        compute="_compute_last_run",
        groups="customer_mgmt.group_customer_config",
        help="Running, done or stopped.",
    )
    last_run_progress = fields.Float(
        string="Progress of the Last Evaluation",
        compute="_compute_last_run",
        groups="customer_mgmt.group_customer_config",
        help="Customers looked at / all customers that the dimension classes, in percent.",
    )
    last_run_message = fields.Char(
        string="Message of the Last Evaluation",
        compute="_compute_last_run",
        groups="customer_mgmt.group_customer_config",
        help="Why it stopped, or what is left.",
    )

    def _compute_last_run(self):
        """Find the newest run of each type by one query."""
        Run = self.env["partner.dimension.run"]
        newest = dict(Run._read_group([("type_id", "in", self.ids)], ["type_id"], ["id:max"]))
        for dimension_type in self:
            run = Run.browse(newest.get(dimension_type._origin) or ())
            dimension_type.last_run_id = run
            dimension_type.last_run_state = run.state
            dimension_type.last_run_progress = run.progress
            dimension_type.last_run_message = run.message

    @api.model
    def _evaluation_job(self):
        # sudo: the job is the system's
        return self.env.ref("customer_mgmt.ir_cron_evaluate_dimensions").sudo()

    def action_evaluate(self):
        """Begin to evaluate the rules of these types over all customers, in the background."""
        self.check_access("write")
        evaluated = {dimension.id for dimension in self._evaluated_dimensions()}
        for dimension_type in self:
            if dimension_type.id not in evaluated:
                raise UserError(dimension_type._nothing_to_evaluate())
        job = self._evaluation_job()
        if not job.active:
            raise UserError(
                self.env._(
                    "The scheduled action “%s”, which does the work, is switched off. Ask a system administrator to "
                    "switch it on.",
                    job.name,
                )
            )
        self._start_runs(self.env.user)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The evaluation has been started. You can go on working meanwhile."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _nothing_to_evaluate(self):
        return self.env._(
            "“%s”: there is nothing to evaluate. It is archived, only people give it values, or the app that computes "
            "them is not installed.",
            self.name,
        )

    def action_preview(self):
        """Show what an evaluation would change, before it is done."""
        self.ensure_one()
        self.check_access("write")
        preview = self.env["partner.dimension.preview"].create({"type_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview of an Evaluation"),
            "res_model": "partner.dimension.preview",
            "res_id": preview.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_open_runs(self):
        """Show the evaluations of these types."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("customer_mgmt.partner_dimension_run_action")
        return {**action, "domain": [("type_id", "in", self.ids)]}

    def _start_runs(self, user=None):
        """Start a run of each of these types that has none waiting already, for ``user`` or the system."""
        # sudo: runs are written by the system
        Run = self.env["partner.dimension.run"].sudo()
        waiting = Run.search([("type_id", "in", self.ids), ("state", "=", "running"), ("last_id", "=", 0)]).type_id
        if todo := self - waiting:
            Run.create([{"type_id": type_id, "started_by_id": user and user.id} for type_id in todo.ids])
        self._evaluation_job()._trigger()

    @api.model
    def _start_missing_runs(self):
        """Start a run of every type that has had none today."""
        evaluated = self.browse(dimension.id for dimension in self._evaluated_dimensions())
        today = fields.Datetime.now().replace(hour=0, minute=0, second=0)
        domain = Domain("type_id", "in", evaluated.ids) & Domain("started_on", ">=", today)
        # sudo: runs are written by the system
        if todo := evaluated - self.env["partner.dimension.run"].sudo().search(domain).type_id:
            todo._start_runs()

    @api.model
    def _start_all_runs(self):
        """Start a run of every type, because there are many new customers."""
        self.browse(dimension.id for dimension in self._evaluated_dimensions())._start_runs()
