"""Evaluations of rule tags: which, when, how far, and what came out."""

from odoo import fields, models


class PartnerTagRun(models.Model):
    """One evaluation of the rule of one tag over all customers or contacts, in the background.

    Whoever configures the customer file reads it. What it does is in partner_tag_run_job.py, who starts it in
    res_partner_category_run.py.
    """

    _name = "partner.tag.run"
    _inherit = ["partner.run.mixin"]
    _description = "Evaluation of a Rule Tag"
    _order = "id desc"
    _rec_name = "category_id"
    _log_access = False

    _subject_field = "category_id"
    _job_xmlid = "customer_mgmt.ir_cron_evaluate_tags"
    # Milliseconds: nobody's work must wait longer than this for a rule that somebody wrote badly.
    _statement_limit = 30_000

    category_id = fields.Many2one("res.partner.category", string="Tag", required=True, index=True, ondelete="cascade")
    given = fields.Integer(help="Partners that got the tag.")
    taken = fields.Integer(string="Taken Away", help="Partners that lost the tag: the condition ended, or its time.")
