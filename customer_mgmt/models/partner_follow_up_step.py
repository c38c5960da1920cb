"""What was promised to a customer next, by whom and for when."""

from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.clock import local_time, moment_of

STEP_STATES = [
    ("planned", "Planned for Later"),
    ("open", "Open"),
    ("done", "Done"),
    ("superseded", "Superseded"),
    ("cancelled", "Cancelled"),
]
# A step that should have been due already is due so much later: nobody can keep what is overdue at once.
SOON = timedelta(hours=1)
# What the hooks on activities must not answer to: our own changes of them.
BY_STEP = "follow_up_by_step"


class PartnerFollowUpStep(models.Model):
    """One next step: the fact behind one activity in Odoo's to-do list.

    A follow-up promises it and a later one keeps it. There is at most one open step per customer (or document of the
    customer) and owner. The step is the truth and the activity its face: an activity that got lost is made anew.
    Written by the system alone, people change it through follow-ups and through the activity.
    """

    _name = "partner.follow.up.step"
    _inherit = ["partner.part.mixin"]
    _description = "Next Step"
    _order = "date, id"
    _rec_name = "plan"

    partner_id = fields.Many2one(string="Customer", ondelete="restrict")
    res_model = fields.Char("Document Model", readonly=True)
    res_id = fields.Many2oneReference("Document", model_field="res_model", readonly=True)
    user_id = fields.Many2one("res.users", string="Owner", required=True, index=True, ondelete="restrict")
    team_id = fields.Many2one("crm.team", index="btree_not_null", ondelete="set null")
    company_id = fields.Many2one("res.company", index="btree_not_null")
    method_id = fields.Many2one("partner.follow.up.method", ondelete="restrict")
    plan = fields.Char()
    date = fields.Datetime(string="Due at", required=True, index=True)
    day = fields.Date(
        string="Due on",
        compute="_compute_day",
        store=True,
        precompute=True,
        help="The day of “Due at” in the time zone of the owner.",
    )
    first_day = fields.Date(string="First Due on", readonly=True, help="The day that was promised at first.")
    postponed = fields.Integer(
        string="Times Postponed", readonly=True, aggregator=None, help="How often the step was moved to a later day."
    )
    state = fields.Selection(STEP_STATES, required=True, default="open")
    origin_id = fields.Many2one(
        "partner.follow.up", string="Promised by", index="btree_not_null", ondelete="restrict", readonly=True
    )
    topic_id = fields.Many2one(related="origin_id.topic_id", store=True, string="Topic of the Step")
    result_id = fields.Many2one(
        "partner.follow.up", string="Kept by", index="btree_not_null", ondelete="restrict", readonly=True
    )
    closed_on = fields.Datetime(readonly=True, help="When it was done, superseded or cancelled.")
    closed_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    activity_id = fields.Many2one("mail.activity", index="btree_not_null", ondelete="set null", readonly=True)

    # The promise of one open step, kept by the database; also the way to the open steps of a person.
    _open_unique = models.UniqueIndex(
        "(user_id, partner_id, (COALESCE(res_model, '')), (COALESCE(res_id, 0))) WHERE state = 'open'",
        "Next Step: this person has an open step for the customer already.",
    )
    _open_index = models.Index("(partner_id, date) WHERE state = 'open'")
    _planned_index = models.Index("(partner_id) WHERE state = 'planned'")
    _faceless_index = models.Index("(id) WHERE state = 'open' AND activity_id IS NULL")

    @api.depends("date", "user_id", "company_id")
    def _compute_day(self):
        for step in self:
            step.day = step.date and self._owner_day(step.user_id, step.date, step.company_id)

    @api.model
    def _renew_days(self, users):
        """Let what ``users`` have before them be due on the day that it is by their clocks now; what is past stays."""
        waiting = Domain("user_id", "in", users.ids) & Domain("state", "in", ("open", "planned"))
        steps = self.search(waiting)
        before = {step: step.day for step in steps}
        self.env.add_to_compute(self._fields["day"], steps)
        changed = steps.filtered(lambda step: step.day != before[step])
        for step in changed.filtered(lambda step: not step.postponed):
            step.first_day = step.day
        changed._update_activities()

    @api.depends("plan", "method_id", "partner_id")
    @api.depends_context("lang", "step_without_customer")
    def _compute_display_name(self):
        """Name the customer, too, unless the screen is about it anyway."""
        alone = self.env.context.get("step_without_customer")
        for step in self:
            customer = False if alone else step.partner_id.display_name
            step.display_name = ": ".join(filter(None, (customer, step._summary())))

    @api.model
    def _owner_day(self, user, date, company=None):
        """Return the day (date) on which ``date`` (naive UTC datetime) falls for ``user``."""
        zone = self._zone_of(user, company)
        return fields.Datetime.context_timestamp(self.with_context(tz=zone), date).date()

    @api.model
    def _zone_of(self, user, company=None):
        """Return the name of the time zone of ``user``: the own one, else that of ``company``, else of the own one.

        It does not depend on who asks.
        """
        # sudo: time zones are no secret
        user = user.sudo()
        return user.tz or (company or user.company_id).sudo().partner_id.tz or "UTC"

    def _summary(self):
        """Return what the to-do list says (str)."""
        return self.plan or self.method_id.name or self.env._("Follow up")

    def _public_summary(self):
        """Return what may stand in the to-do list of a customer whom others see, too: no plan of a group's topic."""
        if self.topic_id.group_id:
            return self.method_id.name or self.env._("Follow up")
        return self._summary()

    def _linked_document(self):
        """Return the linked document, if there is one and it exists, else None."""
        self.ensure_one()
        if self.res_model not in self.env:
            return None
        return self.env[self.res_model].browse(self.res_id).exists() or None

    def _is_orphan(self):
        """Tell whether the linked document is gone."""
        return bool(self.res_model) and self._linked_document() is None

    def _document(self):
        """Return the record on which the activity stands: the linked document, or the customer."""
        document = self._linked_document()
        return document if document is not None and hasattr(document, "activity_schedule") else self.partner_id

    def _link(self):
        """Return {res_model, res_id} for a follow-up: nothing where the document is gone or went to somebody else."""
        # sudo: whose document it is, wherever the step may be read
        document = self.sudo()._linked_document()
        if document is None or document._follow_up_partner() != self.sudo().partner_id:
            return {}
        return {"res_model": document._name, "res_id": document.id}

    def action_record_follow_up(self):
        """Open the dialog that records how this step went."""
        self.ensure_one()
        self.check_access("read")
        link = self._link()
        if link and not self._linked_document().has_access("read"):
            link = {}  # the contact is recorded on the customer alone
        return self.env["partner.follow.up"]._dialog(
            default_finished_step_id=self.id,
            default_partner_id=self.partner_id.id,
            **{f"default_{name}": value for name, value in link.items()},
        )

    def action_open_source(self):
        """Open the follow-up that kept the step or, while it is open, the one that promised it."""
        self.ensure_one()
        self.check_access("read")
        follow_up = self.result_id or self.origin_id
        record = follow_up or self.partner_id
        return {"type": "ir.actions.act_window", "res_model": record._name, "res_id": record.id, "view_mode": "form"}

    @api.model
    def _check_owner(self, user, partner=None, topic=None):
        """Refuse to promise for somebody who does not work here any more, or would not see what was promised.

        Called on steps, it is about their customers and topics.
        """
        # sudo: what a colleague may see is asked, not shown
        user, partners, topics = user.sudo(), partner or self.sudo().partner_id, topic or self.sudo().topic_id
        if not user.active or user.share:
            raise ValidationError(
                self.env._(
                    "Next Step by: %(user)s has no active account of an employee. Choose somebody else.",
                    user=user.name,
                )
            )
        companies = partners.sudo().company_id
        if companies - user.company_ids or topics.sudo().group_id - user.all_group_ids:
            raise ValidationError(
                self.env._(
                    "Next Step by: %(user)s may not see the company or the topic that this is about. Choose somebody "
                    "else.",
                    user=user.name,
                )
            )

    # -- what happens to steps, always as the system ------------------------------------------------------------------

    @api.model
    def _schedule(self, vals_list):
        """Make open steps of ``vals_list`` and return them; what was open for the same slot is superseded.

        Keys: partner_id, user_id, date, and optionally plan, method_id, res_model, res_id, origin_id. Of several for
        one customer and owner, the last one wins. Queries: a fixed number for any number of steps.
        """
        if not vals_list:
            return self.browse()
        # sudo: whoever may record a contact may promise the next one, for himself or for a colleague
        Step = self.sudo()
        wanted = {self._slot(vals): vals for vals in vals_list}
        partner_ids = {vals["partner_id"] for vals in wanted.values()}
        self._lock_partners(partner_ids)
        current = Step.search([("partner_id", "in", list(partner_ids)), ("state", "=", "open")])
        current.filtered(lambda step: step._own_slot() in wanted)._close("superseded", refresh=False)
        partners = self.env["res.partner"].sudo().browse(partner_ids).grouped("id")
        steps = Step.create(
            [
                {
                    "company_id": partners[vals["partner_id"]].company_id.id,
                    "team_id": partners[vals["partner_id"]].team_id.id,
                    **vals,
                    "state": "open",
                }
                for vals in wanted.values()
            ]
        )
        for step in steps:
            step.first_day = step.day
        own = steps.filtered(lambda step: step.origin_id.user_id == step.user_id)
        own._show_activities()  # whoever recorded it for him
        steps._show_activities(tell=True)
        steps.partner_id._refresh_follow_up_status()
        return steps.with_env(self.env)

    @api.model
    def _slot(self, vals):
        """Return what there is one open step of, for values."""
        return vals["user_id"], vals["partner_id"], vals.get("res_model") or False, vals.get("res_id") or 0

    def _own_slot(self):
        return self._slot(
            {
                **self._read_format(["res_model", "res_id"])[0],
                "user_id": self.user_id.id,
                "partner_id": self.partner_id.id,
            }
        )

    @api.model
    def _lock_partners(self, partner_ids):
        """Let only one transaction at a time decide what is open for a customer."""
        self.env.cr.execute(
            SQL("SELECT id FROM res_partner WHERE id IN %s ORDER BY id FOR NO KEY UPDATE", tuple(partner_ids))
        )

    def _lock_open(self):
        """Wait for whoever is closing these steps; return those that are open still.

        Of two people who finish one step at a moment the second gets a serialization error, which Odoo answers by
        starting again: it then finds the step closed.
        """
        if not self:
            return self
        self.flush_recordset()
        rows = self.env.execute_query(
            SQL("SELECT id, state FROM partner_follow_up_step WHERE id IN %s ORDER BY id FOR UPDATE", tuple(self.ids))
        )
        return self.browse(step_id for step_id, state in rows if state == "open")

    def _close(self, state, result=None, feedback=None, refresh=True):
        """Close these open or planned steps as ``state``; their activities go with them.

        Done ones leave their mark below the document, as Odoo's own activities do, the others vanish.
        """
        if not self:
            return
        # sudo: see _schedule
        steps = self.sudo()
        activities = steps.activity_id.with_context(**{BY_STEP: True})
        steps.write(
            {
                "state": state,
                "closed_on": fields.Datetime.now(),
                "closed_by_id": self.env.uid,
                "result_id": result.id if result else False,
            }
        )
        steps.flush_recordset(["state"])  # makes room for what may be open next
        if state == "done":
            activities.filtered("active")._action_done(feedback=feedback)
        else:
            activities.unlink()
        if refresh:
            steps.partner_id._refresh_follow_up_status()

    def _move(self, date):
        """Let these open steps be due at ``date`` (naive UTC datetime); a later day counts as postponed."""
        # sudo: see _schedule
        for step in self.sudo():
            before = step.day
            step.date = date
            if step.day > before:
                step.postponed += 1
        self.sudo()._update_activities()
        self.sudo().partner_id._refresh_follow_up_status()

    def _hand_over(self, user):
        """Give these open steps to ``user``; what that user had open for the same customer is superseded."""
        # sudo: see _schedule
        steps = self.sudo()
        # Of several for one customer, the last one stays.
        given = {step._own_slot()[1:]: step for step in steps}
        staying = steps.browse().union(*given.values())
        others = steps.search(
            Domain("user_id", "=", user.id)
            & Domain("state", "=", "open")
            & Domain("partner_id", "in", steps.partner_id.ids)
            & Domain("id", "not in", steps.ids)
        )
        replaced = (steps - staying) | others.filtered(lambda other: other._own_slot()[1:] in given)
        replaced._close("superseded", refresh=False)
        staying.user_id = user
        staying._update_activities(tell=True)
        steps.partner_id._refresh_follow_up_status()

    def _release_document(self):
        """Let steps of a document that is gone be steps of the customer; of two open ones the earlier stays.

        A second call does nothing.
        """
        # sudo: see _schedule
        steps = self.sudo().filtered("res_model")
        for step in steps.filtered(lambda step: step.state == "open"):
            slot = Domain("partner_id", "=", step.partner_id.id) & Domain("user_id", "=", step.user_id.id)
            other = steps.search(slot & Domain("res_model", "=", False) & Domain("state", "=", "open"), limit=1)
            later = step if other.date and other.date <= step.date else other
            later._close("superseded", refresh=False)
            if step.state == "open":
                step.activity_id.with_context(**{BY_STEP: True}).unlink()
                step.write({"res_model": False, "res_id": False, "activity_id": False})
                step._show_activities()
        steps.write({"res_model": False, "res_id": False})
        steps.partner_id._refresh_follow_up_status()

    def _follow_activity(self):
        """Go where the activity was moved, if that is the customer or another document of the customer."""
        # sudo: see _schedule
        for step in self.sudo():
            activity = step.activity_id
            before = step._own_slot()
            if (activity.res_model, activity.res_id) == ("res.partner", step.partner_id.id):
                link = {"res_model": False, "res_id": False}
            elif activity.res_model in self.env["partner.follow.up"]._linkable_models():
                link = {"res_model": activity.res_model, "res_id": activity.res_id}
                document = self.env[activity.res_model].sudo().browse(activity.res_id).exists()
                if not document or document._follow_up_partner() != step.partner_id:
                    continue
            else:
                continue
            wanted = self._slot({"user_id": step.user_id.id, "partner_id": step.partner_id.id, **link})
            if wanted == before:
                continue
            there = step.search([("partner_id", "=", step.partner_id.id), ("state", "=", "open")])
            there.filtered(lambda other, wanted=wanted: other._own_slot() == wanted)._close("superseded", refresh=False)
            step.write(link)

    def _open_planned(self):
        """Open the earliest of the planned steps of each customer and owner among these, where nothing is open."""
        # sudo: see _schedule
        slots = {}
        for step in self.sudo().sorted("date"):
            slots.setdefault(step._own_slot(), step)
        steps = self.sudo().browse().union(*slots.values())
        taken = {
            step._own_slot()
            for step in self.sudo().search([("partner_id", "in", steps.partner_id.ids), ("state", "=", "open")])
        }
        steps = steps.filtered(lambda step: step._own_slot() not in taken)
        steps.state = "open"
        steps._show_activities()
        steps.partner_id._refresh_follow_up_status()
        return steps

    def _move_to_day(self, day):
        """Let these open steps be due on ``day`` (date), at the hour that they had by the clock of their owners."""
        moments = defaultdict(self.browse)
        for step in self:
            if step.day != day:
                moments[step._moment_on(day)] |= step
        for moment, steps in moments.items():
            steps._move(moment)

    def _moment_on(self, day):
        """Return when it is on ``day`` (date) as late as this step is due, for its owner (naive UTC datetime)."""
        zone = self._zone_of(self.user_id, self.company_id)
        return moment_of(zone, day, local_time(zone, self.date).time())

    def _recorder(self):
        """Return who completes the draft of this step: the user who finished it, or its owner where nobody in the
        customer file did (a job, a guest, a colleague without rights).
        """
        user = self.env.user
        known = user.active and user.has_group("customer_mgmt.group_customer_own")
        return user if known else self.user_id

    def _finish_without_record(self, feedback=None):
        """Close steps that were finished elsewhere, and leave whoever did so a draft with the ``feedback`` (str)."""
        FollowUp = self.env["partner.follow.up"].sudo()
        steps = self.sudo()
        drafts = FollowUp.create(
            [
                {
                    "partner_id": step.partner_id.id,
                    "user_id": step._recorder().id,
                    **step._link(),
                    "topic_id": step.topic_id.id,
                    "method_id": (step.method_id or FollowUp._default_method_id()).id,
                    "key_points": feedback or False,
                    "outcome": False,
                    "finished_step_id": step.id,
                    "finish_step": False,
                }
                for step in steps
            ]
        )
        for step, draft in zip(steps, drafts, strict=True):
            step._close("done", result=draft, refresh=False)
        steps._continue_plans()
        steps.partner_id._refresh_follow_up_status()

    def _dialog_values(self, fields_list):
        """Return what the dialog begins with when this step is recorded: how, about what, and the plan's next line."""
        values = {"method_id": self.method_id.id, "topic_id": self.topic_id.id}
        if planned := self._planned_after()[:1]:
            later = max(planned.date, fields.Datetime.now() + SOON)
            values |= {"next_date": later, "next_plan": planned.plan, "next_method_id": planned.method_id.id}
        return {
            name: value
            for name, value in values.items()
            if value and name in fields_list and f"default_{name}" not in self.env.context
        }

    # -- the activities -----------------------------------------------------------------------------------------------

    def _activity_values(self):
        """Return the values of the activity that shows this step."""
        self.ensure_one()
        todo = self.env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        document = self._document()
        return {
            "res_model_id": self.env["ir.model"]._get_id(document._name),
            "res_id": document.id,
            "user_id": self._acting_user().id,
            "activity_type_id": (self.method_id.activity_type_id or todo or self.env["mail.activity.type"]).id,
            "summary": self._public_summary(),
            "date_deadline": self.day,
        }

    def _activity_context(self, tell):
        """Return the context (dict) for our own changes of activities.

        Odoo writes “assigned to you” to whoever gets an activity from somebody else. That is right for a promise made
        for a colleague, once; a job, a plan that goes on or an activity made anew gives nobody anything new.
        """
        return {BY_STEP: True} if tell else {BY_STEP: True, "mail_activity_quick_update": True}

    def _acting_user(self):
        """Return who does the step: its owner."""
        return self.user_id

    def _show_activities(self, tell=False):
        """Make the activities of these open steps that have none; ``tell``: whoever is given one by somebody else."""
        # sudo: an activity may stand on a customer that its maker may only read
        faceless = self.sudo().filtered(lambda step: step.state == "open" and not step.activity_id)
        Activity = self.env["mail.activity"].sudo().with_context(**self._activity_context(tell))
        activities = Activity.create([step._activity_values() for step in faceless])
        for step, activity in zip(faceless, activities, strict=True):
            step.activity_id = activity

    def _update_activities(self, tell=False):
        """Let the activities say what the steps say; ``tell``: whoever is given one by somebody else."""
        for step in self.sudo().filtered("activity_id"):
            wanted = step._activity_values()
            names = ("user_id", "activity_type_id", "summary", "date_deadline")
            activity = step.activity_id.with_context(**self._activity_context(tell))
            current = {name: activity[name].id if name.endswith("_id") else activity[name] for name in names}
            if changed := {name: wanted[name] for name in names if wanted[name] != current[name]}:
                activity.write(changed)

    @api.model
    def _heal_activities(self, limit=500):
        """Make activities that somebody or something deleted anew; return how many steps were healed.

        Also lets go of documents that are gone, and of owners that were archived.
        """
        # sudo: the job looks at all steps
        lost = self.sudo().search([("state", "=", "open"), ("activity_id", "=", False)], limit=limit)
        gone = lost.filtered(lambda step: step._is_orphan())
        gone._release_document()
        (lost - gone)._show_activities()
        left = self.sudo().search([("state", "=", "open"), ("user_id.active", "=", False)], limit=limit)
        return len(lost) + len(left._pass_on())

    def _pass_on(self):
        """Give these open steps of people who left to whoever looks after the customer now, and return those given.

        That is the customer's owner, else the leader of the customer's team. Where there is neither, a step stays as
        it is, and the status of the customer says that it is overdue.
        """
        # sudo: see _schedule
        given = self.sudo().grouped(lambda step: step._heir())
        given.pop(self.env["res.users"].sudo(), None)
        for heir, steps in given.items():
            steps._hand_over(heir)
        return self.sudo().browse().union(*given.values())

    def _heir(self):
        """Return who takes this step over when its owner leaves, or nobody."""
        heirs = self.partner_id.user_id | self.partner_id.team_id.user_id
        return (heirs.filtered(lambda user: user.active and not user.share) - self.user_id)[:1]

    def unlink(self):
        """Take the activities along, and look again at whose steps they were."""
        # sudo: see _schedule
        activities, partners = self.sudo().activity_id.with_context(**{BY_STEP: True}), self.sudo().partner_id
        result = super().unlink()
        activities.unlink()
        partners.exists()._refresh_follow_up_status()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Keep what was promised: it is what punctuality is measured by. The privacy look-up obeys the law instead."""
        if self._is_forgotten_by_law():
            return
        raise UserError(self.env._("Next Step: steps are never deleted. Reschedule it, or cancel its activity."))
