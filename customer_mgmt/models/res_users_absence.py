"""Who acts for a user who is away."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

OWN_FIELDS = ["absent_from", "absent_until", "substitute_id"]


class ResUsers(models.Model):
    """Records when a user is away and who acts for him; the day's work goes there (partner.follow.up.step)."""

    _inherit = "res.users"

    absent_from = fields.Date(copy=False, help="First day away. Empty, with a last day: away since before.")
    absent_until = fields.Date(copy=False, help="Last day away. Empty, with a first day: away until further notice.")
    substitute_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False), ('id', '!=', id)]",
        copy=False,
        ondelete="set null",
        help="Whoever acts while you are away: next steps that come due meanwhile stand in that person's to-do list, "
        "and in yours again when you are back. Approved time off counts as well, where it is recorded in Odoo.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        """Everybody sees their own absence."""
        return super().SELF_READABLE_FIELDS + OWN_FIELDS

    @property
    def SELF_WRITEABLE_FIELDS(self):
        """Everybody records their own absence."""
        return super().SELF_WRITEABLE_FIELDS + OWN_FIELDS

    @api.constrains("absent_from", "absent_until")
    def _check_absence(self):
        for user in self.sudo():  # sudo: see below
            if user.absent_from and user.absent_until and user.absent_until < user.absent_from:
                raise ValidationError(
                    self.env._(
                        "Absence of user %(user)s: the last day comes before the first. Correct one of them.",
                        user=user.name,
                    )
                )

    @api.constrains("substitute_id")
    def _check_substitute(self):
        # sudo: colleagues of other companies need not be readable
        for user in self.sudo():
            if user.substitute_id == user or user.substitute_id.share:
                raise ValidationError(
                    self.env._(
                        "Substitute of user %(user)s: choose another internal user, %(substitute)s cannot act.",
                        user=user.name,
                        substitute=user.substitute_id.name,
                    )
                )

    def _substitute_on(self, day):
        """Return {user: who acts for that user on ``day`` (date)}: the user, unless absent with a substitute.

        A substitute who is away as well passes the work on; where that ends with nobody present (no substitute, an
        archived one, a circle) it stays with the user. Queries: a fixed number per link of the longest chain.
        """
        # sudo: absences of colleagues are asked by whoever plans work for them
        users = self.sudo()
        absent = users._absent_on(day)
        links = users
        while links := (links & absent).substitute_id.filtered("active") - users:
            users |= links
            absent |= links._absent_on(day)
        acting = {}
        for user in self.sudo():
            found, seen = user, self.sudo().browse()
            while found in absent and found not in seen:
                seen |= found
                found = found.substitute_id.filtered("active")
            present = found and found not in absent
            acting[user.with_env(self.env)] = (found if present else user).with_env(self.env)
        return acting

    def _absent_on(self, day):
        """Return those of these users who are away the whole ``day`` (date)."""
        absent = self.filtered(
            lambda user: (
                (user.absent_from or user.absent_until)
                and (not user.absent_from or user.absent_from <= day)
                and (not user.absent_until or day <= user.absent_until)
            )
        )
        return absent | self._on_leave_on(day)

    def _on_leave_on(self, day):
        """Return those who have approved time off of whole days on ``day``, where Odoo's own app records it."""
        if "hr.leave" not in self.env:
            return self.browse()
        domain = Domain("user_id", "in", self.ids) & Domain("state", "=", "validate")
        domain &= Domain("holiday_status_id.time_type", "=", "leave")
        days_only = Domain("request_unit_hours", "=", False)
        half = Domain("request_unit_half", "=", True)
        for end, before, away in (("from", "<", "am"), ("to", ">", "pm")):
            whole = days_only & (~half | Domain(f"request_date_{end}_period", "=", away))
            domain &= Domain(f"request_date_{end}", before, day) | (Domain(f"request_date_{end}", "=", day) & whole)
        # sudo: that somebody is away is no secret to planning; why is not read
        return self.env["hr.leave"].sudo().search(domain).user_id & self

    @api.model
    def _search_with_substitute(self):
        """Return all internal users who have named a substitute."""
        # sudo: see _substitute_on
        return self.sudo().search(Domain("share", "=", False) & Domain("substitute_id", "!=", False))

    def _acting_today(self):
        """Return {user: who acts for that user} on the day it is for each of these users now."""
        acting = {}
        for day, users in self.grouped(lambda user: user._own_day()).items():
            acting |= users._substitute_on(day)
        return acting

    def _own_zone(self):
        """Return the name of the time zone this user lives by: the own one, else the company's."""
        return self.env["partner.follow.up.step"]._zone_of(self)

    def _own_now(self):
        """Return what the clock of this user shows now (naive datetime)."""
        zoned = self.with_context(tz=self._own_zone())
        return fields.Datetime.context_timestamp(zoned, fields.Datetime.now()).replace(tzinfo=None)

    def _own_day(self):
        """Return the day (date) it is for this user now."""
        return self._own_now().date()
