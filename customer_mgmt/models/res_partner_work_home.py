"""The page that a salesperson begins the day with."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from .partner_follow_up import DONE

# How many rows of a section are shown; the list behind it has them all.
SHOWN_ROWS = 20
SHOWN_RECENT = 8
# Among that many of the newest follow-ups the recent customers are looked for.
SEARCHED_RECENT = 60
# Statuses of a customer whom nobody has promised anything, with the colour of each.
UNPLANNED = {"dormant": "dark", "no_plan": "secondary", "never": "info"}


class ResPartner(models.Model):
    """Gathers for the work home what waits for the user: in one call, with a fixed number of queries.

    What stands there in which order is ``_work_home_sections()``, which other addons extend. The figures are in
    res_partner_work_home_numbers.py.
    """

    _inherit = "res.partner"

    @api.model
    def get_work_home(self):
        """Return {"sections": [...]} as ``_work_home_sections`` describes them, with plain values.

        Only for users of the customer file; everything in it is their own, of customers that they may read.
        """
        self._check_work_home()
        # sudo: time zones are no secret; here both are read at once
        (self.env.user.partner_id | self.env.company.partner_id).sudo().fetch(["tz"])
        sections = self._work_home_sections()
        rows = [row for section in sections for row in section.get("rows", ())]
        cards = self.union(*(row["partner"] for row in rows))._work_home_cards()
        return {
            "sections": [
                {
                    **section,
                    "rows": [
                        {**row, "partner": cards[row["partner"].id], "when": self._work_home_moment(row.get("when"))}
                        for row in section.get("rows", ())
                    ],
                }
                for section in sections
            ]
        }

    @api.model
    def _check_work_home(self):
        """Refuse whoever does not work with customers."""
        if not self.env.user.has_group("customer_mgmt.group_customer_own"):
            raise AccessError(
                self.env._("My Day: it is for people who work with customers. Ask for the right “Own Customers”.")
            )

    @api.model
    def _work_home_sections(self):
        """Return what the work home shows (list of dicts), in order. Other addons add or move sections.

        key         str, unique; also the CSS class ``o_work_home_<key>``
        title       str, translated
        place       "main" (when missing) or "side": the narrow column of a wide screen
        decoration  Bootstrap colour of the number beside the title
        count       how many rows there are in all
        rows        list of dicts, see below; without any, ``empty`` (str) is shown
        is_hidden_empty  True: without rows the section does not appear
        action      {"xmlid": str, "context": dict}: the list behind “See All”
        numbers     instead of rows: list of {key, label, value, previous, before, unit, help, rows}; None is “—”; rows
                    ({"model", "method"}): the method, called with the key and whether it is the previous figure that
                    is meant, returns the action that lists what is counted

        A row: key (str, unique on the page), partner (record), when (date or datetime), what (str), decoration
        (colour of the moment), badge ({"text", "decoration"}), record ({"model", "method", "ids"}: the method returns
        the action that one tap opens), open ({"action": external id or "model": name, "id"}).
        """
        steps, follow_ups = self._work_home_steps(), self._work_home_follow_ups()
        (steps.method_id | follow_ups.method_id).fetch(["name"])  # for all rows at once
        return [
            *self._work_home_due(steps),
            self._work_home_drafts(follow_ups),
            self._work_home_unplanned(),
            self._work_home_numbers(steps, follow_ups),
            self._work_home_recent(follow_ups),
        ]

    # -- the sections -------------------------------------------------------------------------------------------------

    @api.model
    def _work_home_today(self):
        """Return the day on the user's own calendar."""
        return self.env["partner.follow.up.step"]._owner_day(self.env.user, fields.Datetime.now())

    @api.model
    def _work_home_steps(self):
        """Return, in one query, the steps that are overdue or due today, and what the figures count.

        Due are the user's own, and those of colleagues one acts for.
        """
        Step, Activity = self.env["partner.follow.up.step"], self.env["mail.activity"]
        Step.flush_model(["user_id", "activity_id", "state"])
        Activity.flush_model(["user_id"])
        # A union, which the database answers by two indexes before it does anything else; with “or” or “in” it would
        # read the open steps, or the customers, of everybody.
        turn = SQL(
            "ARRAY(SELECT id FROM partner_follow_up_step WHERE user_id = %(me)s AND state = 'open' UNION "
            "SELECT step.id FROM mail_activity JOIN partner_follow_up_step step ON step.activity_id = mail_activity.id "
            "WHERE mail_activity.user_id = %(me)s AND step.state = 'open')",
            me=self.env.uid,
        )
        mine = Domain.custom(
            to_sql=lambda _model, alias, _query: SQL("%s = ANY(%s)", SQL.identifier(alias, "id"), turn)
        )
        counted = Domain("user_id", "=", self.env.uid) & Domain("state", "!=", "planned") & self._work_home_two_weeks()
        # All of them: one for a customer at most, and far fewer than two more queries cost.
        return Step.search_fetch(
            (mine & Domain("day", "<=", self._work_home_today())) | counted,
            [
                *("partner_id", "user_id", "company_id", "date", "day", "plan", "method_id", "postponed"),
                *("state", "closed_on", "result_id"),
            ],
        )

    @api.model
    def _work_home_due(self, steps):
        """Return the sections of what is overdue and what is due today."""
        today = self._work_home_today()
        waiting = steps.filtered(lambda step: step.state == "open")
        due = waiting.filtered(lambda step: step.day == today)
        overdue = waiting.filtered(lambda step: step.day < today)
        return [
            {
                "key": "overdue",
                "title": self.env._("Overdue"),
                "decoration": "danger",
                "empty": self.env._("Nothing is overdue. Well done!"),
                "count": len(overdue),
                "rows": [step._work_home_row("danger") for step in overdue[:SHOWN_ROWS]],
                "action": self._work_home_step_list("overdue"),
            },
            {
                "key": "today",
                "title": self.env._("Due Today"),
                "decoration": "warning",
                "empty": self.env._("Nothing more is due today."),
                "count": len(due),
                "rows": [step._work_home_row("warning") for step in due[:SHOWN_ROWS]],
                "action": self._work_home_step_list("due_today"),
            },
        ]

    @api.model
    def _work_home_step_list(self, filter_name):
        return {
            "xmlid": "customer_mgmt.partner_follow_up_step_action",
            "context": {
                "search_default_mine": 0,
                "search_default_my_turn": 1,
                "search_default_open": 0,
                f"search_default_{filter_name}": 1,
            },
        }

    @api.model
    def _work_home_follow_ups(self):
        """Return, in one query, the user's drafts, the newest contacts that took place, and what the figures count.

        The newest come first.
        """
        FollowUp = self.env["partner.follow.up"]
        mine = Domain("user_id", "=", self.env.uid)
        # sudo: only which are the newest; the rules hold for what is found
        newest = FollowUp.sudo()._search(
            mine & Domain("state", "in", DONE), limit=SEARCHED_RECENT, order=FollowUp._order
        )
        counted = Domain("is_counted", "=", True) & self._work_home_two_weeks()
        return FollowUp.search_fetch(
            mine & (Domain("state", "=", "draft") | Domain("id", "in", newest) | counted),
            ["partner_id", "date", "key_points", "method_id", "state", "is_reached", "is_counted"],
        )

    @api.model
    def _work_home_drafts(self, follow_ups):
        """Return the section of the contacts that the user still has to describe."""
        drafts = follow_ups.filtered(lambda follow_up: follow_up.state == "draft")
        return {
            "key": "drafts",
            "title": self.env._("To Complete"),
            "is_hidden_empty": True,
            "count": len(drafts),
            "rows": [draft._work_home_row() for draft in drafts[:SHOWN_ROWS]],
            "action": {
                "xmlid": "customer_mgmt.partner_follow_up_action",
                "context": {"search_default_mine": 1, "search_default_draft": 1},
            },
        }

    @api.model
    def _work_home_unplanned(self):
        """Return the section of the user's customers whom nobody has promised anything, the longest silent first."""
        domain = Domain("user_id", "=", self.env.uid) & Domain("follow_up_status", "in", list(UNPLANNED))
        domain &= Domain(self._customer_domain())
        names = ["follow_up_status", "follow_up_last_date"]
        customers = self.search_fetch(domain, names, limit=SHOWN_ROWS, order="follow_up_quiet_since, id")
        labels = dict(self._fields["follow_up_status"]._description_selection(self.env))
        return {
            "key": "unplanned",
            "title": self.env._("Without a Plan"),
            "decoration": "secondary",
            "empty": self.env._("Each of your customers has a next step."),
            "count": self.search_count(domain),
            "rows": [
                {
                    "key": f"unplanned-{customer.id}",
                    "partner": customer,
                    "when": customer.follow_up_last_date,
                    "badge": {
                        "text": labels[customer.follow_up_status],
                        "decoration": UNPLANNED[customer.follow_up_status],
                    },
                    "record": {"model": "res.partner", "method": "action_record_follow_up", "ids": customer.ids},
                    "open": self._work_home_open(customer),
                }
                for customer in customers
            ],
            "action": {
                "xmlid": "customer_mgmt.res_partner_action_customer",
                "context": {
                    "search_default_my_customers": 1,
                    **{f"search_default_follow_up_{status}": 1 for status in UNPLANNED},
                },
            },
        }

    @api.model
    def _work_home_recent(self, follow_ups):
        """Return the section of the customers whom the user contacted last, each with what was said."""
        newest = {}
        for follow_up in follow_ups.filtered(lambda follow_up: follow_up.state in DONE):
            newest.setdefault(follow_up.partner_id, follow_up)
        rows = [
            {
                "key": f"recent-{partner.id}",
                "partner": partner,
                "when": follow_up.date,
                "what": follow_up._work_home_text(),
                "record": {"model": "res.partner", "method": "action_record_follow_up", "ids": partner.ids},
                "open": self._work_home_open(partner),
            }
            for partner, follow_up in list(newest.items())[:SHOWN_RECENT]
        ]
        return {
            "key": "recent",
            "title": self.env._("Recently Contacted"),
            "place": "side",
            "empty": self.env._("Customers appear here after your first follow-up."),
            "count": 0,
            "rows": rows,
        }

    # -- what a row is made of ----------------------------------------------------------------------------------------

    @api.model
    def _work_home_open(self, partner):
        return {"action": "customer_mgmt.res_partner_action_customer", "id": partner.id}

    @api.model
    def _work_home_moment(self, moment):
        """Return a date, a datetime or False as the client reads it (str or False)."""
        return bool(moment) and (fields.Datetime if hasattr(moment, "hour") else fields.Date).to_string(moment)

    def _work_home_cards(self):
        """Return {id: name, number to call, whose number it is, why not to call} of these customers.

        A customer without a number of its own is called at its first contact person's.
        """
        self.fetch(["complete_name", "phone", "commercial_partner_id"])
        silent = self.filtered(lambda partner: not partner.phone)
        contacts = self.search_fetch(
            Domain("commercial_partner_id", "in", silent.ids)
            & Domain("id", "not in", silent.ids)
            & Domain("phone", "not in", (False, "")),
            ["complete_name", "phone", "commercial_partner_id"],
            order="id desc",
        )
        callees = {contact.commercial_partner_id.id: contact for contact in contacts}
        callees |= {partner.id: partner for partner in self - silent}
        called = self.union(*callees.values())
        refusals = called._blocked_channels()
        cards = {}
        for partner in self:
            callee = callees.get(partner.id, self.browse())
            cards[partner.id] = {
                "id": partner.id,
                "name": partner.complete_name or "",
                "phone": callee.phone or False,
                "callee": callee.complete_name or "",
                "refused": callee._explain_blocked("phone", refusals),
            }
        return cards
