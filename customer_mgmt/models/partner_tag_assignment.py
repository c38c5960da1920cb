"""Who had which tag, from when until when, and why."""

from odoo import fields, models


class PartnerTagAssignment(models.Model):
    """One stretch of time during which a partner had a tag.

    Written by the system alone (res_partner_tag_history.py for people, partner_tag_run_job.py for rules); a tag that a
    partner has has one open entry. Tags given before there was this history have entries that begin when it began.
    """

    _name = "partner.tag.assignment"
    _inherit = ["partner.part.mixin"]
    _description = "Tag of a Partner"
    _order = "since desc, id desc"
    _rec_name = "category_id"
    _log_access = False

    category_id = fields.Many2one("res.partner.category", string="Tag", required=True, ondelete="cascade")
    since = fields.Datetime(required=True)
    until = fields.Datetime(help="Empty: the partner still has it.")
    source = fields.Selection(
        [("manual", "Given by a person"), ("import", "Imported"), ("rule", "Given by a rule"), ("found", "Found")],
        required=True,
        help="Found: it was there when the history began, or came by a way that the history does not see.",
    )
    user_id = fields.Many2one("res.users", string="Given by", ondelete="set null")
    reason = fields.Char(help="Which rule gave it, or why it was taken away.")

    # One open entry per partner and tag, kept by the database.
    _open_unique = models.UniqueIndex(
        "(partner_id, category_id) WHERE until IS NULL", "Tag of a Partner: the partner has this tag already."
    )
    # When a tag was used last, and whose time is up.
    _category_index = models.Index("(category_id, since)")
