"""Starting evaluations of rule tags."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

CONFIGURATION = "customer_mgmt.group_customer_config"


class ResPartnerCategory(models.Model):
    """Lets people and jobs start an evaluation, and shows how the last one went."""

    _inherit = "res.partner.category"

    last_run_id = fields.Many2one(
        "partner.tag.run",
        string="Last Evaluation",
        compute="_compute_last_run",
        groups=CONFIGURATION,
        help="The evaluation of the rule that was started last.",
    )
    last_run_state = fields.Selection(
        [("running", "Running"), ("done", "Done"), ("stopped", "Stopped")],
        string="Status of the Last Evaluation",
        compute="_compute_last_run",
        groups=CONFIGURATION,
        help="Running, done or stopped.",
    )
    last_run_progress = fields.Float(
        string="Progress of the Last Evaluation",
        compute="_compute_last_run",
        groups=CONFIGURATION,
        help="Customers looked at / all that the rule looks at, in percent.",
    )
    last_run_message = fields.Char(
        string="Message of the Last Evaluation",
        compute="_compute_last_run",
        groups=CONFIGURATION,
        help="Why it stopped, or what is left.",
    )

    def _compute_last_run(self):
        """Find the newest run of each tag by one query."""
        Run = self.env["partner.tag.run"]
        newest = dict(Run._read_group([("category_id", "in", self.ids)], ["category_id"], ["id:max"]))
        for tag in self:
            run = Run.browse(newest.get(tag._origin) or ())
            tag.last_run_id = run
            tag.last_run_state = run.state
            tag.last_run_progress = run.progress
            tag.last_run_message = run.message

    @api.model
    def _evaluation_job(self):
        # sudo: the job is the system's
        return self.env.ref("customer_mgmt.ir_cron_evaluate_tags").sudo()

    def action_evaluate(self):
        """Begin to evaluate the rules of these tags over all customers, in the background."""
        self._check_may_evaluate()
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

    def action_preview(self):
        """Show who would get and lose the tag, before it is done."""
        self.ensure_one()
        self._check_may_evaluate()
        preview = self.env["partner.tag.preview"].create({"category_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview of an Evaluation"),
            "res_model": "partner.tag.preview",
            "res_id": preview.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_open_runs(self):
        """Show the evaluations of these tags."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("customer_mgmt.partner_tag_run_action")
        return {**action, "domain": [("category_id", "in", self.ids)]}

    def _check_may_evaluate(self):
        """Refuse who may not change these tags or their rules, and tags that runs do not look at."""
        self.check_access("write")
        self._check_may_rule()
        for tag in self:
            if not tag._is_evaluated():
                raise UserError(
                    self.env._(
                        "Tag “%s”: there is nothing to evaluate. It is archived, or people give it by hand.", tag.name
                    )
                )

    def _start_runs(self, user=None):
        """Start a run of each of these tags that has none waiting already, for ``user`` or the system, in order."""
        # sudo: runs are written by the system
        Run = self.env["partner.tag.run"].sudo()
        domain = Domain("category_id", "in", self.ids) & Domain("state", "=", "running") & Domain("last_id", "=", 0)
        if todo := self - Run.search(domain).category_id:
            ids = todo._sorted_by_dependency().ids
            Run.create([{"category_id": tag_id, "started_by_id": user and user.id} for tag_id in ids])
        self._evaluation_job()._trigger()

    @api.model
    def _start_missing_runs(self):
        """Start a run of every rule tag that has had none today."""
        # sudo: all tags, whoever may see them; runs are written by the system
        evaluated = self.sudo().search([("tag_kind", "=", "rule")])
        today = fields.Datetime.now().replace(hour=0, minute=0, second=0)
        domain = Domain("category_id", "in", evaluated.ids) & Domain("started_on", ">=", today)
        if todo := evaluated - evaluated.env["partner.tag.run"].search(domain).category_id:
            todo._start_runs()
