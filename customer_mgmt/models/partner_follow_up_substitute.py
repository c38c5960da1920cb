"""Handing next steps to whoever acts for their owners."""

from odoo import api, fields, models
from odoo.tools import SQL

from .partner_follow_up_reminder import EARLIEST_DAY

# Steps whose activities are carried in one transaction.
CARRIED_AT_ONCE = 100


class PartnerFollowUpStep(models.Model):
    """Shows a due step in the to-do list of the substitute while its owner is away; the step stays the owner's."""

    _inherit = "partner.follow.up.step"

    def _acting_user(self):
        """Return the substitute, once the step is due and as long as the owner is away; else the owner."""
        owner = super()._acting_user()
        today = owner._own_day()
        if not self.day or self.day > today:
            return owner
        acting = owner._substitute_on(today)[owner]
        return acting if acting == owner or self._may_be_carried_to(acting) else owner

    def _may_be_carried_to(self, user):
        """Tell whether the activity would let ``user`` see the customer: same company, same topics, customer rights."""
        # sudo: asked by the system about a colleague
        step, user = self.sudo(), user.sudo()
        company, group = step.partner_id.company_id, step.topic_id.group_id
        return (
            user.has_group("customer_mgmt.group_customer_own")
            and (not company or company in user.company_ids)
            and (not group or group in user.all_group_ids)
        )

    @api.model
    def _carry_to_substitutes(self):
        """Give the activities of due steps to whoever acts today, and back to owners who have returned.

        Return whether there is time left.
        """
        today = (fields.Datetime.now() + EARLIEST_DAY).date()
        absent = self.env["res.users"]._search_with_substitute()
        self.env["mail.activity"].flush_model()
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT step.id, step.user_id, activity.user_id
                  FROM partner_follow_up_step step
                  JOIN mail_activity activity ON activity.id = step.activity_id AND activity.active
                 WHERE step.state = 'open' AND step.day <= %(today)s
                   AND (activity.user_id != step.user_id OR step.user_id = ANY(%(absent)s))
              ORDER BY step.id
                """,
                today=today,
                absent=absent.ids,
            )
        )
        # sudo: the job looks at everybody's steps
        owners = self.env["res.users"].sudo().browse({owner for _step, owner, _current in rows})
        acting = {owner.id: found.id for owner, found in owners._acting_today().items()}
        wrong = [step for step, owner, current in rows if acting[owner] != current]
        pieces = [self.sudo().browse(wrong[at : at + CARRIED_AT_ONCE]) for at in range(0, len(wrong), CARRIED_AT_ONCE)]
        return self._work_off(pieces, lambda steps: steps._carry())

    def _carry(self):
        """Give the activities of these steps to whoever acts."""
        steps = self.try_lock_for_update(allow_referencing=True)
        steps.invalidate_recordset()
        for step in steps.filtered(lambda step: step.state == "open" and step.activity_id):
            document = step._document()
            followers = document.message_partner_ids
            step._update_activities()
            # Odoo subscribes whoever gets an activity, and followers see a customer: not beyond the absence.
            if added := document.message_partner_ids - followers:
                document.message_unsubscribe(added.ids)
