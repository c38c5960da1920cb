"""What is done with a segment: open, export, compare, hand over."""

import json
from urllib.parse import urlencode

from odoo import api, fields, models
from odoo.exceptions import UserError

ACTIONS = {"customer": "customer_mgmt.res_partner_action_customer", "contact": "customer_mgmt.partner_contact_action"}
EXPORTED = (
    "customer_number",
    "name",
    "customer_category_id",
    "phone",
    "email",
    "user_id",
    "customer_status",
    "category_id",
)


class PartnerSegment(models.Model):
    """Opens, exports and hands over whoever is in the segment, always as the user: nobody gets to see more by it."""

    _inherit = "partner.segment"

    can_hand_over = fields.Boolean(
        compute="_compute_can_hand_over", help="Mailing lists are installed, and the user may change them."
    )

    @api.depends_context("uid")
    def _compute_can_hand_over(self):
        names = ("mailing.list", "mailing.contact")
        allowed = all(name in self.env and self.env[name].has_access("write") for name in names)
        self.can_hand_over = allowed

    def _partners_action(self, name, domain):
        """Return the own screens of customers or contacts for ``domain``, without an id so that no favourite opens."""
        source = self.env["ir.actions.act_window"]._for_xml_id(ACTIONS[self.applies_to])
        kept = ("type", "res_model", "views", "view_mode", "search_view_id", "context")
        return {key: source[key] for key in kept} | {"name": name, "domain": domain}

    def action_open(self):
        """Open whoever is in the segment."""
        self.ensure_one()
        self.check_access("read")
        self._refuse_broken()
        return self._partners_action(self.name, [("segment_ids", "=", self.id)])

    def action_export(self):
        """Download whoever is in the segment as a workbook, by Odoo's own export and its rights."""
        self.ensure_one()
        self.check_access("read")
        self._refuse_broken()
        if not self.env.user.has_group("base.group_allow_export"):
            raise UserError(self.env._("Export: you do not have the right to export. Ask your administrator for it."))
        Partner = self.env["res.partner"]
        if not Partner.search_count([("segment_ids", "=", self.id)], limit=1):
            raise UserError(self.env._("Export: nobody whom you may see is in the segment “%s” now.", self.name))
        data = {
            "model": "res.partner",
            "fields": [{"name": name, "label": self._partner_label(name)} for name in EXPORTED],
            "ids": False,
            "domain": [("segment_ids", "=", self.id)],
            "import_compat": False,
            "context": {"lang": self.env.lang, "tz": self.env.user.tz},
        }
        return {
            "type": "ir.actions.act_url",
            "url": "/web/export/xlsx?" + urlencode({"data": json.dumps(data)}),
            "target": "download",
        }

    def action_size_history(self):
        """Show the sizes of this segment over time."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("customer_mgmt.partner_segment_size_action")
        return action | {"domain": [("segment_id", "=", self.id)], "display_name": self.name}

    def action_compare(self):
        """Open the dialog that compares this segment with another one."""
        return self._open_dialog("partner.segment.overlap", self.env._("Compare"))

    def action_schedule_follow_ups(self):
        """Open the dialog that plans a next step for whoever is in the segment."""
        self._refuse_broken()
        return self._open_dialog("partner.follow.up.schedule", self.env._("Schedule Follow-ups"))

    def action_hand_over(self):
        """Open the dialog that hands whoever is in the segment to a mailing list."""
        self._refuse_broken()
        return self._open_dialog("partner.segment.mailing", self.env._("Hand to Mailing List"))

    def _open_dialog(self, model, name):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_segment_id": self.id},
        }
