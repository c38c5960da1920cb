"""Activities for what comes round: birthdays and the verification of customers."""

from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.reminder import birthday_keys, next_birthday
from ..tools.rights import PERSONAL


class ResPartner(models.Model):
    """Puts an activity into the owner's to-do list once per occasion, never a second one for the same.

    That it was done is noted at the partner together with the activity, so the job can be interrupted at any time.
    """

    _inherit = "res.partner"

    birthday_told = fields.Date(
        string="Told of Birthday",
        copy=False,
        readonly=True,
        groups=fields.NO_ACCESS,
        prefetch="customer_file",
        help="The last birthday that stood in the owner's to-do list.",
    )
    verification_told = fields.Date(
        string="Told of Verification",
        copy=False,
        readonly=True,
        groups=fields.NO_ACCESS,
        prefetch="customer_file",
        help="The last verification (else the first day of the customer) after which the owner was told to verify.",
    )

    @api.model
    def _cron_remind_of_occasions(self):
        """Make the activities of today, until all is done or the time is up; to be called by the job, as the system."""
        self.env["ir.cron"]._commit_progress()
        if self._remind_of_birthdays():
            self._remind_of_verifications()

    # -- birthdays ----------------------------------------------------------------------------------------------------

    @api.model
    def _birthday_domain(self, today, days):
        """Return the Domain of the persons of customers with a birthday within ``days`` (int) from ``today``."""
        keys = list(birthday_keys(today, days))
        coming = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "EXTRACT(MONTH FROM %(birth)s) * 100 + EXTRACT(DAY FROM %(birth)s) = ANY(%(keys)s)",
                birth=SQL.identifier(alias, "birth_date"),
                keys=keys,
            )
        )
        persons = Domain("is_company", "=", False) & Domain("birth_date", "!=", False)
        return persons & Domain("customer_status", "in", ["prospect", "active"]) & coming

    @api.model
    def _birthdays_soon(self, owners, today, days):
        """Return the persons of customers of ``owners`` (users), by birthday; for who may know birth dates."""
        domain = self._birthday_domain(today, days) & Domain("commercial_partner_id.user_id", "in", owners.ids)
        return self.search(domain).sorted(lambda person: (next_birthday(person.birth_date, today), person.id))

    @api.model
    def _remind_of_birthdays(self):
        """Put coming birthdays into the to-do lists of owners who may know them; return whether there is time left."""
        # sudo: the job looks at everybody's customers
        Partner = self.sudo()
        companies = self.env["res.company"].sudo().search(Domain.TRUE)
        days = max(companies.mapped("customer_birthday_days")) + 1  # one more: it may be tomorrow where the owner is
        yesterday = fields.Date.today() - timedelta(days=1)
        untold = Domain("birthday_told", "=", False) | Domain("birthday_told", "<", yesterday)
        persons = Partner.search(Partner._birthday_domain(yesterday, days + 1) & untold)
        confidants = self.env.ref(PERSONAL).sudo().all_user_ids.filtered(lambda user: user.active and not user.share)
        by_owner = persons.grouped(lambda person: person.commercial_partner_id.user_id)
        pieces = [(owner, theirs) for owner, theirs in by_owner.items() if owner in confidants]
        return self.env["partner.follow.up.step"]._work_off(
            pieces, lambda piece: piece[1]._remind_of_birthday(piece[0])
        )

    def _remind_of_birthday(self, owner):
        """Make the activities about the birthdays of these persons of customers of ``owner`` (user), if they are near.

        They stand on no document: whoever may see the contact need not know the birth date.
        """
        persons = self.try_lock_for_update(allow_referencing=True)
        persons.invalidate_recordset(["birthday_told", "birth_date"])
        near = persons._readable_to(owner)._near_birthdays(owner)
        kind = self.env.ref("customer_mgmt.mail_activity_type_birthday", raise_if_not_found=False)
        speaking = self.with_context(lang=owner.lang)
        self._make_activities(
            {
                "user_id": owner.id,
                "activity_type_id": kind.id if kind else False,
                "summary": speaking.env._("Birthday of %s", person.display_name),
                "note": Markup('<a href="/mail/view?model=res.partner&amp;res_id=%s">%s</a>')
                % (person.id, person.display_name),
                "date_deadline": day,
            }
            for person, day in near.items()
        )
        for day in set(near.values()):
            told = self.browse(person.id for person in near if near[person] == day)
            told._note_told("birthday_told", SQL("%s::date", day))

    def _readable_to(self, user):
        """Return those of these partners that ``user`` may read together with their customer."""
        customers = self.commercial_partner_id.with_user(user)._filtered_access("read").with_env(self.env)
        readable = self.with_user(user)._filtered_access("read").with_env(self.env)
        return readable.filtered(lambda partner: partner.commercial_partner_id in customers)

    def _near_birthdays(self, owner):
        """Return {person: the birthday (date)} of those whose next birthday is near and was not told."""
        today = owner._own_day()
        last = today + timedelta(days=owner.company_id.customer_birthday_days)
        days = {person: next_birthday(person.birth_date, today) for person in self if person.birth_date}
        return {
            person: day
            for person, day in days.items()
            if day <= last and (not person.birthday_told or person.birthday_told < day)
        }

    # -- verification -------------------------------------------------------------------------------------------------

    @api.model
    def _verification_domain(self):
        """Return the Domain of customers to verify of which their owners have not been told."""
        untold = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IS DISTINCT FROM COALESCE(%s, %s::date)",
                SQL.identifier(alias, "verification_told"),
                SQL.identifier(alias, "verified_on"),
                SQL.identifier(alias, "create_date"),
            )
        )
        # Who was never verified is due at once; that a new customer is new, its owner knows.
        now = fields.Datetime.now()
        known = self._by_verification_days(lambda days: Domain("create_date", "<=", now - timedelta(days=days)))
        old = Domain("verified_on", "!=", False) | known
        return Domain("customer_verification_due", "=", True) & old & untold

    @api.model
    def _remind_of_verifications(self):
        """Let owners verify what has not been verified for too long; return whether there is time left."""
        # sudo: the job looks at everybody's customers
        domain = self._verification_domain() & Domain("user_id.active", "=", True) & Domain("user_id.share", "=", False)
        owners = [owner for [owner] in self.sudo()._read_group(domain, ["user_id"])]
        return self.env["partner.follow.up.step"]._work_off(owners, self.sudo()._remind_owner_to_verify)

    @api.model
    def _remind_owner_to_verify(self, owner):
        """Fill the to-do list of ``owner`` (user) up to the number of verifications that the company has chosen."""
        kind = self.env.ref("customer_mgmt.mail_activity_type_verification", raise_if_not_found=False)
        if not kind:
            return
        waiting = Domain("activity_type_id", "=", kind.id) & Domain("user_id", "=", owner.id)
        free = owner.company_id.customer_verification_limit - self.env["mail.activity"].search_count(waiting)
        if free <= 0:
            return
        domain = self._verification_domain() & Domain("user_id", "=", owner.id)
        readable = self.with_user(owner).search(domain, order="verified_on NULLS FIRST, id", limit=free)
        customers = readable.with_env(self.env).try_lock_for_update(allow_referencing=True)
        open_on = waiting & Domain("res_model", "=", "res.partner") & Domain("res_id", "in", customers.ids)
        stacked = self.browse(self.env["mail.activity"].search(open_on).mapped("res_id"))
        self._make_activities(
            {
                "user_id": owner.id,
                "activity_type_id": kind.id,
                "res_model_id": self.env["ir.model"]._get_id(self._name),
                "res_id": customer.id,
                "date_deadline": owner._own_day(),
            }
            for customer in customers - stacked
        )
        customers._note_told("verification_told", SQL("COALESCE(verified_on, create_date::date)"))

    def action_customer_verify(self):
        """Verifying is what the activity asks for: it is done with it."""
        result = super().action_customer_verify()
        kind = self.env.ref("customer_mgmt.mail_activity_type_verification", raise_if_not_found=False)
        if kind:
            domain = Domain("res_model", "=", "res.partner") & Domain("res_id", "in", self.commercial_partner_id.ids)
            # sudo: the activity may be a colleague's
            self.env["mail.activity"].sudo().search(domain & Domain("activity_type_id", "=", kind.id))._action_done()
        return result

    # -- both ---------------------------------------------------------------------------------------------------------

    @api.model
    def _make_activities(self, vals_list):
        """Make activities of the system without an e-mail about each: they come by the dozen."""
        Activity = self.env["mail.activity"].with_context(mail_activity_quick_update=True)
        return Activity.create([{**vals, "automated": True} for vals in vals_list])

    def _note_told(self, column, value):
        """Note in ``column`` what these partners' owner has been told of (``value``: SQL); it is no change of them."""
        if self:
            self.env.cr.execute(
                SQL(
                    "UPDATE res_partner SET %(column)s = %(value)s WHERE id = ANY(%(ids)s)",
                    column=SQL.identifier(column),
                    value=value,
                    ids=self.ids,
                )
            )
            self.invalidate_recordset([column])
