"""The morning digest of follow-ups."""

from collections import defaultdict
from datetime import timedelta

from babel.dates import format_skeleton

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date
from odoo.tools.misc import babel_locale_parse

from ..tools.clock import moment_of
from ..tools.reminder import next_birthday
from ..tools.rights import PERSONAL
from .partner_follow_up_reminder import NAMED_STEPS

# Lines that a section of the digest shows; it counts the others.
SHOWN = 8
# The colours that overdue, due today and everything else have all over the app.
COLOURS = {"danger": "#d44c59", "warning": "#b7791f", "info": "#714b67"}
# The days before today over which the own numbers are counted.
NUMBER_DAYS = 7


class ResUsers(models.Model):
    """Tells each user once a day what there is to do: one message at the hour of the company, none on empty days.

    Everything in it is read as the user, so it shows what the user may see. That a morning is done is noted together
    with the message, so the job can be interrupted at any time.
    """

    _inherit = "res.users"

    follow_up_digest = fields.Boolean(
        string="Morning Digest of Follow-ups",
        default=True,
        help="One message each morning, by e-mail or in the inbox as you like your notifications: what is due today, "
        "what is overdue, customers without a plan, birthdays and your numbers. None on days with nothing to tell.",
    )
    follow_up_morning = fields.Date(
        string="Last Morning of Follow-ups",
        copy=False,
        readonly=True,
        groups=fields.NO_ACCESS,
        help="Each day is told once.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        """Everybody sees whether they get the digest."""
        return super().SELF_READABLE_FIELDS + ["follow_up_digest"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        """Everybody decides whether they get the digest."""
        return super().SELF_WRITEABLE_FIELDS + ["follow_up_digest"]

    # -- the job ------------------------------------------------------------------------------------------------------

    @api.model
    def _send_mornings(self):
        """Send their morning to all users whose hour has come today; return whether there is time left."""
        # sudo: the job looks at all users
        users = self.env.ref("customer_mgmt.group_customer_own").sudo().all_user_ids
        waiting = users.filtered(lambda user: user.active and not user.share and user._is_morning_due())
        represented = waiting._represented_today()
        return self.env["partner.follow.up.step"]._work_off(
            list(waiting), lambda user: user._send_morning(represented[user])
        )

    def _takes_digest(self):
        """Tell whether this user gets the digest today; while he is away, the substitute does."""
        return self.follow_up_digest and self._substitute_on(self._own_day())[self] == self

    def _is_morning_due(self):
        """Tell whether the hour has come for this user and today's morning is not done."""
        now = self._own_now()
        return now.hour >= self.company_id.follow_up_digest_hour and self.follow_up_morning != now.date()

    def _represented_today(self):
        """Return {user: those for whom the user acts today}, usually just the user; nobody's for who is away."""
        acting = self._search_with_substitute()._acting_today()
        represented = defaultdict(self.browse)
        for owner, found in acting.items():
            represented[found] |= owner
        return {user: (user if acting.get(user, user) == user else self.browse()) | represented[user] for user in self}

    def _send_morning(self, owners):
        """Tell this user what there is to do for ``owners`` (users), and note it."""
        user = self.try_lock_for_update(allow_referencing=True)
        user.invalidate_recordset(["follow_up_morning"])
        if not user or not user._is_morning_due():
            return
        today = user._own_day()
        # Written past the ORM: it is no change of the user
        self.env.cr.execute(SQL("UPDATE res_users SET follow_up_morning = %s WHERE id = %s", today, user.id))
        user.invalidate_recordset(["follow_up_morning"])
        if not owners:
            return
        # All is read as the user would see it
        reader = user.with_user(user).with_context(lang=user.lang, tz=user._own_zone())
        fresh = reader.env["res.partner"]._search_newly_without_plan(owners)
        if user.follow_up_digest:
            reader._send_digest(owners, fresh)
        elif fresh:
            reader._tell_newly_without_plan(fresh)
        fresh._note_told("follow_up_no_plan_told", SQL("follow_up_last_date"))

    def _tell_newly_without_plan(self, customers):
        """Tell a user who takes no digest of these customers, once for each last contact."""
        count = len(customers)
        one, many = self.env._("1 customer without a plan"), self.env._("%s customers without a plan", count)
        lines = [
            customer._digest_line(self, self.env._("last contact"), format_date(self.env, customer.follow_up_last_date))
            for customer in customers[:NAMED_STEPS]
        ]
        self._tell(one if count == 1 else many, self._render_lines(lines, count))

    def _render_lines(self, lines, total):
        """Return the body of a message that shows ``lines`` (list of dict) of ``total`` ones."""
        values = {"lines": lines, "more": self._and_more(total - len(lines))}
        return self.env["ir.qweb"]._render("customer_mgmt.follow_up_reminder", values, lang=self.env.lang)

    def _tell(self, subject, body):
        """Send this user a message as the system, to the inbox or by e-mail; return it (empty without any address)."""
        user = self.sudo()
        if user.notification_type == "email" and not user.partner_id.email:
            return self.env["mail.message"]
        # sudo: the system speaks
        thread = self.env["mail.thread"].sudo().with_company(user.company_id).with_context(lang=user.lang)
        return thread.message_notify(
            subject=subject,
            body=body,
            partner_ids=user.partner_id.ids,
            author_id=self.env.ref("base.partner_root").id,
            email_add_signature=False,
        )

    # -- what there is to tell ----------------------------------------------------------------------------------------

    def _send_digest(self, owners, fresh):
        """Send the digest for ``owners``, unless there is nothing in it; ``fresh``: customers newly without a plan."""
        values = self._digest_values(owners, fresh)
        if not values["sections"]:
            return
        values["numbers"] = self._digest_numbers()
        body = self.env["ir.qweb"]._render("customer_mgmt.follow_up_digest", values, lang=self.env.lang)
        counts = ", ".join(f"{section['title']} {section['count']}" for section in values["sections"])
        self._tell(self.env._("%(day)s: %(counts)s", day=values["day"], counts=counts), body)

    def _digest_values(self, owners, fresh):
        """Return what the template shows: the name of the day and the sections that have something to say."""
        today = self._own_day()
        sections = [
            # What has become overdue first: it is told here alone
            self._steps_section(
                self.env._("Overdue"), COLOURS["danger"], owners, Domain("day", "<", today), "date DESC, id"
            ),
            self._steps_section(self.env._("Due today"), COLOURS["warning"], owners, Domain("day", "=", today)),
            self._no_plan_section(owners, fresh),
            self._birthday_section(owners, today),
        ]
        return {
            "greeting": self.env._("Good morning, %s", self.name),
            "day": self._day_in_words(today, "MMMEd"),
            "sections": [
                {**section, "more": self._and_more(section["count"] - len(section["lines"]))}
                for section in sections
                if section["count"]
            ],
        }

    def _day_in_words(self, day, skeleton):
        """Return ``day`` (date) as people write it in the language of the context: “Wed, Nov 25”, “11月25日周三”."""
        return format_skeleton(skeleton, day, locale=babel_locale_parse(self.env.lang or "en_US"))

    def _and_more(self, count):
        """Return how many lines (int) a message does not show (str), or False."""
        return count > 0 and self.env._("and %s more", count)

    def _steps_section(self, title, colour, owners, when, order="date, id"):
        """Return the section of open steps of ``owners`` that fulfil ``when`` (Domain)."""
        Step = self.env["partner.follow.up.step"]
        domain = Domain("state", "=", "open") & Domain("user_id", "in", owners.ids) & when
        domain &= Domain("partner_id.active", "=", True)
        steps = Step.search(domain, limit=SHOWN, order=order)
        lines = [step._reminder_line(self) for step in steps]
        return {"title": title, "colour": colour, "lines": lines, "count": Step.search_count(domain)}

    def _no_plan_section(self, owners, fresh):
        """Return the section of customers of ``owners`` without a plan: the new ones, then the longest silent."""
        Partner = self.env["res.partner"]
        domain = Partner._without_plan_domain(owners)
        known = Partner.search(domain & Domain("id", "not in", fresh.ids), limit=SHOWN, order="follow_up_last_date, id")
        lines = [
            partner._digest_line(self, self.env._("last contact"), format_date(self.env, partner.follow_up_last_date))
            for partner in (fresh + known)[:SHOWN]
        ]
        title = self.env._("Without a plan")
        return {
            "title": title,
            "colour": COLOURS["info"],
            "lines": lines,
            "count": Partner.search_count(domain),
            "new": fresh and self.env._("%s new", len(fresh)),
        }

    def _birthday_section(self, owners, today):
        """Return the section of birthdays of the contact persons of ``owners``; only for who may know them."""
        persons = self.env["res.partner"]
        if self.has_group(PERSONAL):
            persons = persons._birthdays_soon(owners, today, self.company_id.customer_birthday_days)
        lines = [
            person._digest_line(
                self,
                person.commercial_partner_id.name if person.commercial_partner_id != person else "",
                self._day_in_words(next_birthday(person.birth_date, today), "MMMd"),
            )
            for person in persons[:SHOWN]
        ]
        return {"title": self.env._("Birthdays"), "colour": COLOURS["info"], "lines": lines, "count": len(persons)}

    def _digest_numbers(self):
        """Return the user's numbers of the last seven whole days: [(what, figure)].

        Counted follow-ups; distinct customers among them; of them those that reached the customer, in percent (empty
        without any).
        """
        zone, today = self.env.context["tz"], self._own_day()
        domain = Domain("user_id", "=", self.id) & Domain("is_counted", "=", True)
        domain &= Domain("date", ">=", moment_of(zone, today - timedelta(days=NUMBER_DAYS)))
        domain &= Domain("date", "<", moment_of(zone, today))
        groups = self.env["partner.follow.up"]._read_group(domain, ["is_reached"], ["__count", "partner_id:recordset"])
        total = sum(count for _reached, count, _partners in groups)
        reached = sum(count for is_reached, count, _partners in groups if is_reached)
        customers = self.env["res.partner"].union(*(partners for _reached, _count, partners in groups))
        return [
            (self.env._("follow-ups in 7 days"), total),
            (self.env._("customers"), len(customers)),
            (self.env._("reached"), f"{100 * reached / total:.0f} %" if total else "—"),
        ]
