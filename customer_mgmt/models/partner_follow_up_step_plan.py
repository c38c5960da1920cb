"""Steps that a plan template notes for later."""

from odoo import api, fields, models
from odoo.fields import Domain

from .partner_follow_up_step import SOON


class PartnerFollowUpStep(models.Model):
    """Lets the lines of a plan follow each other: the first one is open, the others are planned.

    A planned step has no activity. It becomes the open one when the step before it is closed and nothing else was
    promised; the dialog proposes it before that. It goes with the person whose work the plan is.
    """

    _inherit = "partner.follow.up.step"

    @api.model
    def _plan_rest(self, plan, promises):
        """Note the later lines of ``plan`` behind each of ``promises`` (the values of the steps of its first line).

        They keep the distance to the first line that the plan says, whatever day that one was put on.
        """
        # sudo: plans belong to the system, and so do steps
        lines = plan.sudo()._follow_up_lines()
        if len(lines) < 2:
            return
        Step = self.sudo()
        methods = self.env["partner.follow.up.method"]._by_activity_type(lines.activity_type_id)
        partners = self.env["res.partner"].sudo().browse({vals["partner_id"] for vals in promises}).grouped("id")
        values = []
        for vals in promises:
            partner = partners[vals["partner_id"]]
            begin = lines[0]._get_date_deadline(vals["date"].date())
            for line in lines[1:]:
                distance = line._get_date_deadline(vals["date"].date()) - begin
                values.append(
                    {
                        **vals,
                        "date": max(vals["date"] + distance, vals["date"]),
                        "plan": line.summary,
                        "method_id": methods[line.activity_type_id].id
                        if line.activity_type_id in methods
                        else vals["method_id"],
                        "company_id": partner.company_id.id,
                        "team_id": partner.team_id.id,
                        "state": "planned",
                    }
                )
        for step in Step.create(values):
            step.first_day = step.day

    def _planned_after(self):
        """Return the planned steps of the same customers, owners and documents as these steps."""
        # sudo: see _schedule
        steps = self.sudo()
        slots = {step._own_slot() for step in steps}
        domain = Domain("partner_id", "in", steps.partner_id.ids) & Domain("state", "=", "planned")
        return steps.search(domain).filtered(lambda step: step._own_slot() in slots)

    def _continue_plans(self):
        """Open what was planned after these closed steps, where nothing else was promised meanwhile."""
        if self:
            self.flush_model()  # the one that is closed makes room first
            self._planned_after()._open_planned()

    def _open_planned(self):
        """Let a step whose time has passed while it waited be due soon; it was promised to nobody before."""
        steps = super()._open_planned()
        soon = fields.Datetime.now() + SOON
        if late := steps.filtered(lambda step: step.date < soon):
            late.date = soon
            for step in late:
                step.first_day = step.day
            late._update_activities()
            late.partner_id._refresh_follow_up_status()
        return steps

    def _hand_over(self, user):
        """Let the rest of the plan go along."""
        planned = self._planned_after()
        result = super()._hand_over(user)
        planned.user_id = user
        return result
