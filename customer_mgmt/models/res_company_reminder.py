"""When a company's people hear of what there is to do."""

from odoo import fields, models


class ResCompany(models.Model):
    """Holds what the company has chosen about reminders of follow-ups."""

    _inherit = "res.company"

    follow_up_digest_hour = fields.Integer(
        string="Hour of the Morning Digest",
        default=7,
        help="From 0 to 23, in the time zone of each user. Reminders of overdue follow-ups come then, too.",
    )
    customer_birthday_days = fields.Integer(
        string="Days before a Birthday",
        default=3,
        help="So many days before it the birthday of a contact person stands in the owner's to-do list, and in the "
        "digest. 0: on the day itself.",
    )
    customer_verification_limit = fields.Integer(
        string="Verifications at a Time",
        default=5,
        help="As many customers, at most, that were not verified for too long stand in the to-do list of one owner. "
        "Others follow when these are done. 0: none.",
    )

    _follow_up_digest_hour_range = models.Constraint(
        "CHECK (follow_up_digest_hour BETWEEN 0 AND 23)", "Hour of the morning digest: choose one from 0 to 23."
    )
    _customer_birthday_days_range = models.Constraint(
        "CHECK (customer_birthday_days BETWEEN 0 AND 60)", "Days before a birthday: choose a number from 0 to 60."
    )
