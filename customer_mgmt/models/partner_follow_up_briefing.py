"""What to know before talking to a customer."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

LAST_CONTACTS = 3
SHOWN_PREFERENCES = 6


class PartnerFollowUp(models.Model):
    """Shows beside the text of the dialog: the last contacts, what is refused, preferences, what is open."""

    _inherit = "partner.follow.up"

    do_not_contact_warning = fields.Char(
        compute="_compute_do_not_contact_warning",
        help="Who of the customer's people must not be contacted by the chosen method.",
    )
    briefing = fields.Html(
        compute="_compute_briefing",
        sanitize=False,
        help="The last three contacts, the preferences and the open steps, activities and needs of the customer.",
    )

    @api.depends("partner_id", "contact_ids", "method_id", "next_method_id")
    def _compute_do_not_contact_warning(self):
        for follow_up in self:
            partners = follow_up.contact_ids._origin or follow_up.partner_id
            channels = {method.channel for method in (follow_up.method_id, follow_up.next_method_id)} - {False}
            refusals = partners._blocked_channels() if channels and partners else {}
            warnings = [partners._explain_blocked(channel, refusals) for channel in sorted(channels)]
            follow_up.do_not_contact_warning = " ".join(filter(None, warnings)) or False

    @api.depends("partner_id", "contact_ids")
    @api.depends_context("lang", "tz", "uid")
    def _compute_briefing(self):
        for follow_up in self:
            partner = follow_up.partner_id._origin
            follow_up.briefing = bool(partner) and self.env["ir.qweb"]._render(
                "customer_mgmt.partner_follow_up_briefing", follow_up._briefing_values(partner)
            )

    def _briefing_values(self, partner):
        """Return what the template ``partner_follow_up_briefing`` shows of ``partner``; other addons add their part."""
        self.ensure_one()
        persons = partner | self.contact_ids._origin
        preferences = self.env["partner.preference"].search(
            Domain("partner_id", "in", persons.ids)
            & Domain("option_id.channel", "=", False)
            & self.env["partner.preference"]._current_domain(),
            order="source, strength_value desc, id desc",
            limit=SHOWN_PREFERENCES,
        )
        last = self.search(
            Domain("partner_id", "=", partner.id)
            & Domain("state", "in", ("done", "corrected"))
            & Domain("id", "!=", self._origin.id),
            limit=LAST_CONTACTS,
        )
        return {
            "partner": partner,
            "refusals": [name for name in persons.mapped("blocked_channel_names") if name],
            "contacts": [
                {
                    "day": format_date(self.env, fields.Datetime.context_timestamp(self, one.date).date()),
                    "method": one.method_id.name,
                    "user": one.user_id.sudo().name,  # sudo: a colleague's name
                    "outcome": dict(self._fields["outcome"]._description_selection(self.env)).get(one.outcome),
                    "text": one.key_points or "",
                }
                for one in last
            ],
            "preferences": preferences.mapped("display_name"),
            "open_issues": self._open_issues(partner),
        }

    def _open_issues(self, partner):
        """Return [{text, late}] of what waits for this customer: promised steps, other activities, open needs."""
        today = fields.Date.context_today(self)
        steps = self.env["partner.follow.up.step"].search(
            [("partner_id", "=", partner.id), ("state", "=", "open"), ("id", "!=", self.finished_step_id._origin.id)]
        )
        activities = self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", partner.id), ("follow_up_step_ids", "=", False)],
            limit=5,
        )
        needs = self.env["customer.need"].search([("partner_id", "=", partner.id), ("is_open", "=", True)], limit=5)
        issues = [
            {
                "text": f"{format_date(self.env, step.day)} · {step._summary()} · {step.user_id.sudo().name}",
                "late": step.day < today,
            }
            for step in steps
        ]
        issues += [
            {
                "text": f"{format_date(self.env, activity.date_deadline)} · {activity.display_name}",
                "late": activity.date_deadline < today,
            }
            for activity in activities
        ]
        return issues + [{"text": need.display_name, "late": False} for need in needs]
