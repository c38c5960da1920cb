"""Where persons work, and have worked."""

from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date


class PartnerEmployment(models.Model):
    """One employment of a person: kept when the person leaves, so that nobody forgets who was whom where.

    Rows are written when a contact changes its employer. A contact that never did has none: where it works stands on
    the contact itself.
    """

    _name = "partner.employment"
    _description = "Employment"
    _inherit = "partner.part.mixin"
    _rec_name = "employer_name"
    _order = "partner_id, until DESC, since DESC, id DESC"

    partner_id = fields.Many2one(string="Person")
    employer_id = fields.Many2one("res.partner", index="btree_not_null", ondelete="set null")
    employer_name = fields.Char(
        string="Employer's Name",
        compute="_compute_employer_name",
        store=True,
        precompute=True,
        help="The employer's name when this was recorded. It stays, whatever becomes of the employer.",
    )
    function = fields.Char(string="Job Position")
    since = fields.Date(help="First day of the employment. Empty: not known.")
    until = fields.Date(help="Day on which the person left. Empty: still there.")
    note = fields.Char()
    by = fields.Many2one("res.users", string="Recorded by", default=lambda self: self.env.user, readonly=True)

    _one_open = models.UniqueIndex(
        "(partner_id) WHERE until IS NULL", "Employment: a person works for one employer at a time."
    )

    @api.depends("employer_id")
    def _compute_employer_name(self):
        """Keep the name of before when the employer is gone."""
        for employment in self.filtered("employer_id"):
            employment.employer_name = employment.employer_id.display_name

    @api.constrains("since", "until")
    def _check_period(self):
        """Refuse an employment that ends before it begins."""
        for employment in self:
            if employment.since and employment.until and employment.until < employment.since:
                raise ValidationError(
                    self.env._(
                        "Until: %(until)s lies before the first day of the employment, %(since)s. Correct one of them.",
                        until=format_date(self.env, employment.until),
                        since=format_date(self.env, employment.since),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse a second employer at a time before anything is written."""
        self._refuse_second_open([vals.get("partner_id") for vals in vals_list if not vals.get("until")])
        return super().create(vals_list)

    def write(self, vals):
        """Refuse a second employer at a time before anything is written."""
        if vals.keys() & {"partner_id", "until"}:
            staying = self.filtered(lambda employment: not vals.get("until", employment.until))
            self._refuse_second_open([vals.get("partner_id", row.partner_id.id) for row in staying])
        return super().write(vals)

    # The index refuses these too, but later, without naming the person, and with an error in the log.

    def _refuse_second_open(self, partner_ids):
        """Refuse if one of ``partner_ids`` is there twice, or has an open employment beside these ones."""
        # sudo: an employment that the user may not see is one all the same
        others = self.sudo().search(
            [("partner_id", "in", partner_ids), ("until", "=", False), ("id", "not in", self.ids)]
        )
        count = Counter(partner_ids) + Counter(others.partner_id.ids)
        for partner_id in partner_ids:
            if count[partner_id] > 1:
                raise ValidationError(
                    self.env._(
                        "Until: “%(name)s” has another employment without an end. End that one first.",
                        name=self.env["res.partner"].browse(partner_id).sudo().name,
                    )
                )
