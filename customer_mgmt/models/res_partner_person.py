"""What we know about a person, for those who may know it."""

import math

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.rights import PERSONAL

# Nobody on record has lived longer; an older date is a slip of the pen.
MAX_AGE = 130


class ResPartner(models.Model):
    """Records personal facts behind a right of their own: who may see a customer need not see birth dates.

    None of them is tracked: the chatter of a partner is read by more people than these facts are meant for.
    """

    _inherit = "res.partner"

    gender = fields.Selection(
        [("female", "Female"), ("male", "Male"), ("other", "Other")],
        copy=False,
        groups=PERSONAL,
        help="As the person wishes to be addressed. Empty: not known.",
        prefetch="customer_file",
    )
    birth_date = fields.Date(
        copy=False,
        groups=PERSONAL,
        help="The age follows from it. Where only the age is known roughly: age band.",
        prefetch="customer_file",
    )
    age = fields.Integer(
        compute="_compute_age",
        search="_search_age",
        aggregator=None,
        groups=PERSONAL,
        help="Whole years from the birth date to today, in your time zone. Empty without a birth date. Never stored, "
        "so it is never out of date.",
    )
    age_band = fields.Selection(
        [
            ("under_20", "Under 20"),
            ("20_29", "20 to 29"),
            ("30_39", "30 to 39"),
            ("40_49", "40 to 49"),
            ("50_59", "50 to 59"),
            ("60_69", "60 to 69"),
            ("70_79", "70 to 79"),
            ("80_over", "80 and over"),
        ],
        copy=False,
        groups=PERSONAL,
        help="A guess in decades, only where the birth date is unknown: a birth date says more, and empties it.",
        prefetch="customer_file",
    )
    occupation = fields.Char(
        copy=False,
        groups=PERSONAL,
        help="What the person does for a living, where the job position does not say it.",
        prefetch="customer_file",
    )
    hobbies = fields.Char(
        copy=False, groups=PERSONAL, help="What the person likes to do and to talk about.", prefetch="customer_file"
    )

    @api.depends("birth_date")
    def _compute_age(self):
        """Count whole years up to today as the user's calendar shows it."""
        today = fields.Date.context_today(self)
        for partner in self:
            born = partner.birth_date
            partner.age = born and today.year - born.year - ((today.month, today.day) < (born.month, born.day))

    @api.model
    def _search_age(self, operator, value):
        """Turn years into birth dates, so that the database compares what it has stored.

        Whoever has no birth date has no age, and is found only by asking for an empty one.
        """
        if operator == "in":
            return Domain.OR(self._aged(years) if years else Domain("birth_date", "=", False) for years in value)
        if operator in ("<", "<="):
            older = self._search_age({"<": ">=", "<=": ">"}[operator], value)
            return Domain("birth_date", "!=", False) & ~older
        if operator in (">", ">="):
            return self._older_than(math.ceil(value) if operator == ">=" else math.floor(value) + 1)
        return NotImplemented

    @api.model
    def _aged(self, years):
        """Return the domain of those who have completed exactly ``years`` (int) years of life."""
        return self._older_than(years) & ~self._older_than(years + 1)

    @api.model
    def _older_than(self, years):
        """Return the domain of those who have completed ``years`` (int) years of life, or more, today."""
        # Kept within what a calendar can express; nobody is younger or older than this.
        years = max(0, min(int(years), MAX_AGE + 1))
        return Domain("birth_date", "<=", fields.Date.context_today(self) - relativedelta(years=years))

    @api.onchange("birth_date")
    def _onchange_birth_date(self):
        """Empty the guess as soon as the date is known."""
        if self.birth_date:
            self.age_band = False

    def write(self, vals):
        """Empty the age band of whoever gets a birth date, unless told otherwise."""
        if vals.get("birth_date"):
            vals = {"age_band": False, **vals}
        return super().write(vals)

    @api.constrains("birth_date", "age_band")
    def _check_birth_date(self):
        """Refuse dates on which nobody who is alive was born, and a guess beside a date."""
        today = fields.Date.context_today(self)
        for partner in self.filtered("birth_date"):
            shown = {"name": partner.name, "date": format_date(self.env, partner.birth_date)}
            if partner.birth_date > today:
                raise ValidationError(
                    self.env._("Birth Date: %(date)s of “%(name)s” lies in the future. Check the year.", **shown)
                )
            if partner.birth_date < today - relativedelta(years=MAX_AGE):
                raise ValidationError(
                    self.env._(
                        "Birth Date: %(date)s of “%(name)s” is more than %(years)s years ago. Check the year.",
                        years=MAX_AGE,
                        **shown,
                    )
                )
            if partner.age_band:
                raise ValidationError(
                    self.env._(
                        "Age Band: the birth date of “%(name)s” is known (%(date)s), and the age follows from it. "
                        "Leave the age band empty.",
                        **shown,
                    )
                )
