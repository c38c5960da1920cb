"""Evaluations of dimension types: which, when, how far, and what came out."""

from odoo import fields, models


class PartnerDimensionRun(models.Model):
    """One evaluation of the rules of one type over all customers, in the background.

    Whoever configures dimensions reads it. What it does is in partner_dimension_run_job.py, who starts it in
    partner_dimension_type_run.py.
    """

    _name = "partner.dimension.run"
    _inherit = ["partner.run.mixin"]
    _description = "Evaluation of a Dimension Type"
    _order = "id desc"
    _rec_name = "type_id"
    _log_access = False

    _subject_field = "type_id"
    _job_xmlid = "customer_mgmt.ir_cron_evaluate_dimensions"

    type_id = fields.Many2one(
        "partner.dimension.type", string="Dimension", required=True, index=True, ondelete="cascade"
    )
    made = fields.Integer(string="Values Made", help="Values made for records that customers named for the first time.")
