"""What runs are about: starting them, and how the last one went."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.rights import CONFIGURATION
from .partner_run_mixin import RUN_STATES


class PartnerRunSubjectMixin(models.AbstractModel):
    """Lets people and jobs evaluate a record's rules over all customers; see ``partner.run.mixin`` for the run itself.

    A concrete model names its models and the list of its runs, declares ``last_run_id``, and says which of its records
    are evaluated (``_evaluated_records``) and who may do so (``_check_may_evaluate``).
    """

    _name = "partner.run.subject.mixin"
    _description = "Evaluated in Runs"

    _run_model = None
    _preview_model = None
    _run_action_xmlid = None

    last_run_state = fields.Selection(
        RUN_STATES,
        string="Status of the Last Evaluation",
        compute="_compute_last_run",
        groups=CONFIGURATION,
        help="Running, done or stopped.",
    )
    last_run_progress = fields.Float(
        string="Progress of the Last Evaluation",
        compute="_compute_last_run",
        groups=CONFIGURATION,
        help="Customers looked at / all that the evaluation looks at, in percent.",
    )
    last_run_message = fields.Char(
        string="Message of the Last Evaluation",
        compute="_compute_last_run",
        groups=CONFIGURATION,
        help="Why it stopped, or what is left.",
    )

    def _compute_last_run(self):
        """Find the newest run of each record by one query."""
        Run = self.env[self._run_model]
        subject = Run._subject_field
        newest = dict(Run._read_group([(subject, "in", self.ids)], [subject], ["id:max"]))
        for record in self:
            run = Run.browse(newest.get(record._origin) or ())
            record.last_run_id = run
            record.last_run_state = run.state
            record.last_run_progress = run.progress
            record.last_run_message = run.message

    # -- what a concrete model says ----------------------------------------------------------------------------------

    @api.model
    def _evaluated_records(self):
        """Return all records that runs look at, whoever may see them."""
        raise NotImplementedError

    def _check_may_evaluate(self):
        """Refuse who may not evaluate these records, and records that runs do not look at."""
        self.check_access("write")

    def _in_run_order(self):
        """Return these records in the order in which they must be evaluated."""
        return self

    # -- starting ----------------------------------------------------------------------------------------------------

    @api.model
    def _evaluation_job(self):
        # sudo: the job is the system's
        return self.env.ref(self.env[self._run_model]._job_xmlid).sudo()

    def action_evaluate(self):
        """Begin to evaluate these records over all customers, in the background."""
        self._check_may_evaluate()
        self._evaluation_job()._refuse_switched_off()
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
        """Show what an evaluation would change, before it is done."""
        self.ensure_one()
        self.check_access("write")
        subject = self.env[self._run_model]._subject_field
        preview = self.env[self._preview_model].create({subject: self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview of an Evaluation"),
            "res_model": preview._name,
            "res_id": preview.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_open_runs(self):
        """Show the evaluations of these records."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(self._run_action_xmlid)
        return {**action, "domain": [(self.env[self._run_model]._subject_field, "in", self.ids)]}

    def _start_runs(self, user=None):
        """Start a run of each of these records that has none waiting already, for ``user`` or the system."""
        # sudo: runs are written by the system
        Run = self.env[self._run_model].sudo()
        subject = Run._subject_field
        domain = Domain(subject, "in", self.ids) & Domain("state", "=", "running") & Domain("last_id", "=", 0)
        if todo := self - Run.search(domain)[subject]:
            Run.create(
                [{subject: record_id, "started_by_id": user and user.id} for record_id in todo._in_run_order().ids]
            )
        self._evaluation_job()._trigger()

    @api.model
    def _start_missing_runs(self):
        """Start a run of every evaluated record that has had none today."""
        evaluated = self._evaluated_records()
        # sudo: runs are written by the system
        Run = self.env[self._run_model].sudo()
        today = fields.Datetime.now().replace(hour=0, minute=0, second=0)
        domain = Domain(Run._subject_field, "in", evaluated.ids) & Domain("started_on", ">=", today)
        if todo := evaluated - Run.search(domain)[Run._subject_field]:
            todo._start_runs()
