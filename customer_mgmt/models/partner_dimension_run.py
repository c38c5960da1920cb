"""Evaluations of dimension types: which, when, how far, and what came out."""

from odoo import api, fields, models


class PartnerDimensionRun(models.Model):
    """One evaluation of the rules of one type over all customers, in the background.

    Written by the system alone; whoever configures dimensions reads it. What it does is in
    partner_dimension_run_job.py, who starts it in partner_dimension_type_run.py.
    """

    _name = "partner.dimension.run"
    _description = "Evaluation of a Dimension Type"
    _order = "id desc"
    _rec_name = "type_id"
    _log_access = False

    type_id = fields.Many2one(
        "partner.dimension.type", string="Dimension", required=True, index=True, ondelete="cascade"
    )
    state = fields.Selection(
        [("running", "Running"), ("done", "Done"), ("stopped", "Stopped")],
        string="Status",
        required=True,
        default="running",
        help="Stopped: the rules could not be evaluated; the message says why.",
    )
    started_by_id = fields.Many2one("res.users", ondelete="set null", help="Empty: the system, every night.")
    started_on = fields.Datetime(required=True, default=fields.Datetime.now)
    finished_on = fields.Datetime()
    last_id = fields.Integer(string="Looked at up to", help="The last partner, by number, that has been looked at.")
    passes = fields.Integer(
        help="How often all customers have been looked at before, because some were being changed by others meanwhile."
    )
    total = fields.Integer(help="Customers to look at.")
    done = fields.Integer(string="Looked at", help="Customers that have been looked at in this pass.")
    changed = fields.Integer(help="Customers whose value has changed.")
    skipped = fields.Integer(help="Customers that others were changing; they are looked at again a minute later.")
    made = fields.Integer(string="Values Made", help="Values made for records that customers named for the first time.")
    progress = fields.Float(compute="_compute_progress", help="Looked at / total, in percent.")
    message = fields.Char(help="Why it stopped, or what is left.")

    @api.depends("done", "total", "state")
    def _compute_progress(self):
        for run in self:
            run.progress = 100 * min(1, run.done / run.total) if run.total else 0
            if run.state == "done":
                run.progress = 100
