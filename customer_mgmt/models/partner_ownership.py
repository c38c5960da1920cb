"""Who owned which customer, from when until when."""

from odoo import api, fields, models
from odoo.tools import SQL


class PartnerOwnership(models.Model):
    """One stretch of time during which a customer belonged to one person, or to nobody.

    Written by the system alone, on every change of owner; people read it. Each managed customer has exactly one open
    row (without an end), and its user is the partner's salesperson.
    """

    _name = "partner.ownership"
    _inherit = ["partner.part.mixin"]
    _description = "Customer Ownership"
    _order = "since desc, id desc"
    _rec_name = "partner_id"
    _log_access = False  # "since" and "by" say it; two links less to check for each of many rows

    partner_id = fields.Many2one(string="Customer")
    user_id = fields.Many2one("res.users", string="Owner", ondelete="restrict", help="Empty: nobody's customer.")
    since = fields.Datetime(required=True)
    until = fields.Datetime(help="Empty: today's owner.")
    cause = fields.Selection(
        [
            ("created", "New customer"),
            ("managed", "Became a customer"),
            ("changed", "Owner changed"),
            ("adopted", "Adopted"),
            ("merged", "Merged"),
        ],
        required=True,
        help="Why the owner has had the customer since then. Merged: the time of a customer that was merged into this "
        "one; it ends with the merge.",
    )
    by_id = fields.Many2one("res.users", string="Changed By", ondelete="set null", help="Who made the change.")
    days = fields.Integer(
        compute="_compute_days", help="Whole days between the beginning and the end, or until now while there is none."
    )

    # The promise of one open row per customer, kept by the database; also the way to today's owner.
    _open_unique = models.UniqueIndex(
        "(partner_id) WHERE until IS NULL", "Customer Ownership: the customer has an owner at this time already."
    )
    # What a person has held so far; the table's other searches start from the partner.
    _user_index = models.Index("(user_id, since) WHERE user_id IS NOT NULL")

    @api.depends("since", "until")
    def _compute_days(self):
        """Count from the stored times; not stored, because every day changes it."""
        now = fields.Datetime.now()
        for ownership in self:
            ownership.days = ((ownership.until or now) - (ownership.since or now)).days

    @api.model
    def _open_missing(self):
        """Open a row for every customer that has none: those managed before this history began to be kept.

        Called at every installation and update of the addon; a second call finds nothing to do.
        """
        # sudo: all customers, archived ones too, whoever updates the addon
        Partner = self.env["res.partner"].sudo().with_context(active_test=False)
        Partner.flush_model()
        self.env.cr.execute(
            SQL(
                "INSERT INTO partner_ownership (partner_id, user_id, since, cause) "
                "SELECT id, user_id, %s, 'managed' FROM res_partner "
                "WHERE id IN %s "
                "AND NOT EXISTS (SELECT FROM partner_ownership WHERE partner_id = res_partner.id AND until IS NULL)",
                fields.Datetime.now(),
                Partner._search(Partner._customer_domain()).subselect(),
            )
        )
