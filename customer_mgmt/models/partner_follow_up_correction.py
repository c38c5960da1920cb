"""How a recorded follow-up may still be changed."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# What a follow-up says. A manager's comment and the system's own notes are not part of it.
CONTENT_FIELDS = frozenset(
    {
        "partner_id",
        "contact_ids",
        "res_model",
        "res_id",
        "document_name",
        "topic_id",
        "method_id",
        "direction",
        "date",
        "duration",
        "outcome",
        "key_points",
        "feedback",
        "objection_ids",
        "need_change_ids",
        "sentiment",
        "attachment_ids",
    }
)
# What is promised at the moment of saving; afterwards the step itself is moved.
PROMISE_FIELDS = frozenset({"next_date", "next_plan", "next_method_id", "next_user_id", "plan_id", "finished_step_id"})
REVIEW_FIELDS = frozenset({"comment", "score"})
SYSTEM_FIELDS = frozenset(
    {
        "state",
        "done_on",
        "step_id",
        "is_copied",
        "corrected_on",
        "corrected_by_id",
        "reviewed_by_id",
        "reviewed_on",
        "message_id",
        "event_id",
        "team_id",
        "company_id",
        "is_reached",
        "text_key",
        "is_short",
        "is_late",
        "is_counted",
    }
)
# What is checked by the code that knows where it comes from.
CHECKED_ELSEWHERE = frozenset({"state", "message_id", "event_id"})
# So long the author improves what he wrote without a word.
FREE_TIME = timedelta(hours=24)


class PartnerFollowUp(models.Model):
    """Lets the author correct within a day freely and afterwards once with a reason; then only a manager may.

    A manager is the leader of the follow-up's team, or whoever administers the customer file.
    """

    _inherit = "partner.follow.up"

    correction_reason = fields.Char(copy=False, tracking=True, help="Why it was corrected or cancelled afterwards.")
    corrected_on = fields.Datetime(readonly=True, copy=False)
    corrected_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="set null")
    comment = fields.Text(string="Manager's Comment", copy=False, tracking=True)
    score = fields.Integer(
        copy=False, aggregator="avg", tracking=True, help="The manager's score from 1 to 5; 0: not scored yet."
    )
    reviewed_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="set null")
    reviewed_on = fields.Datetime(readonly=True, copy=False)
    is_locked = fields.Boolean(
        compute="_compute_is_locked",
        help="The user may not change what it says: it belongs to somebody else, or it was corrected already.",
    )
    needs_reason = fields.Boolean(
        compute="_compute_is_locked",
        help="A change takes a reason: more than 24 hours have passed since it was recorded.",
    )
    may_review = fields.Boolean(
        compute="_compute_is_locked",
        help="The user leads the team of the follow-up or administers the customer file, and did not write it.",
    )

    _score_range = models.Constraint("CHECK(score BETWEEN 0 AND 5)", "Score: choose 1 to 5.")

    def _is_manager(self):
        """Tell whether the user may correct this follow-up at any time."""
        self.ensure_one()
        leads = self.sudo().team_id.user_id == self.env.user  # sudo: who leads a team is no secret
        return leads or self.env.user.has_group("customer_mgmt.group_customer_admin")

    @api.depends("state", "user_id", "team_id", "done_on")
    @api.depends_context("uid")
    def _compute_is_locked(self):
        now = fields.Datetime.now()
        for follow_up in self:
            manager, author = follow_up._is_manager(), follow_up.user_id == self.env.user
            follow_up.needs_reason = follow_up.state in ("done", "corrected") and (
                not follow_up.done_on or now - follow_up.done_on > FREE_TIME
            )
            once = follow_up.state == "corrected" or follow_up.state == "cancelled"
            follow_up.is_locked = not manager and (not author or once)
            follow_up.may_review = manager and not author

    def write(self, vals):
        """Keep the rule of corrections on every path; the system itself is not bound by it."""
        if self.env.su:
            return super().write(vals)
        vals = self._checked_values(vals)
        changes = CONTENT_FIELDS & vals.keys()
        recorded = self.filtered(lambda follow_up: follow_up.state != "draft")
        recorded._check_fixed(vals)
        corrected = recorded._check_correction(vals) if recorded and changes else self.browse()
        result = super().write(vals)
        # sudo: the system's own notes on what the user was allowed to do
        if corrected:
            corrected.sudo().write(
                {"state": "corrected", "corrected_on": fields.Datetime.now(), "corrected_by_id": self.env.uid}
            )
        if REVIEW_FIELDS & vals.keys():
            self.sudo().write({"reviewed_on": fields.Datetime.now(), "reviewed_by_id": self.env.uid})
        if recorded and changes:
            recorded._after_change(changes)
        if not recorded and "next_date" in vals:
            self._check_next_date()
        return result

    def _checked_values(self, vals):
        """Refuse values that the user may not write at all; return the others (dict), completed."""
        self._refuse_system_fields(SYSTEM_FIELDS & vals.keys())
        if REVIEW_FIELDS & vals.keys():
            self._check_may_review()
        vals = dict(vals)
        if vals.get("partner_id"):
            self._put_on_entity(vals)
        if vals.get("res_model") or vals.get("res_id"):
            document = self._find_document(
                vals.get("res_model", self[:1].res_model), vals.get("res_id", self[:1].res_id)
            )
            vals["document_name"] = document.display_name
        return vals

    def _check_fixed(self, vals):
        """Refuse to change of these recorded follow-ups what stays as it was."""
        if "user_id" in vals and any(follow_up.user_id.id != vals["user_id"] for follow_up in self):
            raise UserError(
                self.env._("By: what was recorded stays with whoever recorded it. Cancel it, and record it anew.")
            )
        if "partner_id" in vals:
            self._check_move(vals["partner_id"])
        if self and PROMISE_FIELDS & vals.keys():
            raise UserError(
                self.env._(
                    "Next Step: it was promised when the follow-up was saved. Reschedule its activity, or record "
                    "another follow-up."
                )
            )
        if "correction_reason" in vals:
            self._check_unlocked()

    def _check_move(self, partner_id):
        """Refuse to take a follow-up to another customer that has left its mark on this one, or that takes none."""
        for follow_up in self.filtered(lambda follow_up: follow_up.partner_id.id != partner_id):
            # sudo: what stays behind, whether or not the user may see it
            known = follow_up.sudo()
            kept = known.finished_step_id if known.finish_step else known.browse()
            if known.step_id or kept or known.res_model or known.need_change_ids:
                raise UserError(
                    self.env._(
                        "Customer: this follow-up has a next step, a document or changes of needs of %(customer)s. "
                        "Cancel it, and record it on the right customer.",
                        customer=follow_up.partner_id.display_name,
                    )
                )
            self._check_partners(self.env["res.partner"].browse(partner_id))

    def _after_change(self, changes):
        """Let what depends on these recorded follow-ups know that the fields ``changes`` are others now."""
        if changes & {"key_points", "date"}:
            self._flag_copies()
        self.need_change_ids._apply()
        self.partner_id._refresh_follow_up_status()
        if "topic_id" in changes:
            # sudo: what others may read of the step in the to-do list
            self.sudo().step_id.filtered(lambda step: step.state == "open")._update_activities()

    def _check_correction(self, vals):
        """Refuse what the rule refuses; return those for which the change is a correction."""
        self._check_unlocked()
        late = self.filtered("needs_reason")
        if late and not (vals.get("correction_reason") or "").strip():
            raise UserError(
                self.env._(
                    "Correction Reason: “%(follow_up)s” was recorded more than 24 hours ago. Say why you change it.",
                    follow_up=late[0].display_name,
                )
            )
        return late

    def _check_unlocked(self):
        """Refuse to change what the user may not change any more."""
        for follow_up in self.filtered("is_locked"):
            raise AccessError(
                self.env._(
                    "Follow-up “%(follow_up)s”: it was corrected, cancelled, or belongs to somebody else. Ask the "
                    "leader of the team or an administrator of the customer file to change it.",
                    follow_up=follow_up.display_name,
                )
            )

    @api.model
    def _refuse_system_fields(self, names):
        """Refuse to write the fields ``names`` by hand."""
        for name in sorted(names):
            label = self._fields[name]._description_string(self.env)
            raise UserError(self.env._("%(field)s: it is written by the system. Use the buttons.", field=label))

    @api.model
    def _check_own_fields(self, vals):
        """Refuse new records that say of themselves how they count or how good they are."""
        if self.env.su:
            return
        said = {name for name, value in vals.items() if value}
        self._refuse_system_fields(said & (SYSTEM_FIELDS - CHECKED_ELSEWHERE))
        if said & REVIEW_FIELDS:
            raise AccessError(self.env._("Manager's Comment: it is given to what was recorded, by a manager."))

    def _check_may_review(self):
        """Refuse who does not lead the team, and to judge the own work."""
        for follow_up in self.filtered(lambda follow_up: not follow_up.may_review):
            raise AccessError(
                self.env._(
                    "Manager's Comment: only the leader of the team or an administrator of the customer file comments "
                    "on “%(follow_up)s”, and nobody on an own one.",
                    follow_up=follow_up.display_name,
                )
            )

    def action_cancel(self):
        """Set records aside that were made by mistake; what they promised goes with them, what they changed stays."""
        self.check_access("write")
        for follow_up in self.filtered(lambda follow_up: follow_up.state != "draft"):
            follow_up._check_unlocked()
            if follow_up.needs_reason and not follow_up.correction_reason:
                follow_up._check_correction({})
        # sudo: the state is the system's
        known = self.sudo().filtered(lambda follow_up: follow_up.state != "cancelled")
        known.write({"state": "cancelled"})
        steps = self.env["partner.follow.up.step"].sudo().search([("origin_id", "in", known.ids)])
        steps.filtered(lambda step: step.state in ("open", "planned"))._close("cancelled", refresh=False)
        known.partner_id._refresh_follow_up_status()

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Keep the record: figures and statuses stand on it. The privacy look-up obeys the law instead."""
        if self._is_forgotten_by_law():
            return
        raise UserError(self.env._("Follow-up: records are never deleted. Cancel it instead."))
