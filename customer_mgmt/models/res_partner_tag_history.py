"""Keeping the history of tags while they change."""

from odoo import api, fields, models
from odoo.tools import SQL


class ResPartner(models.Model):
    """Writes down who gave which tag to whom, on every way the ORM knows, for any number of partners at once.

    What comes by other ways is found at night (partner_tag_history_job.py); rules write their own entries.
    """

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        """Begin the history of tags that new partners come with."""
        partners = super().create(vals_list)
        if self._brings_tags(vals_list):
            self._record_tags(partners.ids, self._change_source())
        return partners

    def write(self, vals):
        """Note tags that are given and taken away."""
        result = super().write(vals)
        if "category_id" in vals:
            self._record_tags(self.ids, self._change_source())
        return result

    @api.model
    def _record_tags(self, ids, source, reason=None):
        """Make the open entries of the partners ``ids`` say which tags they have; two statements for any number.

        ``source`` is a value of the history's field; ``reason`` says why, of entries that begin and of those that end.
        Idempotent: where entries and tags agree nothing is written.
        """
        if not ids:
            return
        self.env.flush_all()
        now = fields.Datetime.now()
        ids = list(ids)
        self.env.cr.execute(
            SQL(
                "UPDATE partner_tag_assignment entry SET until = %s, reason = COALESCE(%s, reason) "
                "WHERE entry.partner_id = ANY(%s) AND entry.until IS NULL "
                "AND NOT EXISTS (SELECT FROM res_partner_res_partner_category_rel rel "
                "WHERE rel.partner_id = entry.partner_id AND rel.category_id = entry.category_id)",
                now,
                reason,
                ids,
            )
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO partner_tag_assignment (partner_id, category_id, since, source, user_id, reason) "
                "SELECT rel.partner_id, rel.category_id, %s, %s, %s, %s FROM res_partner_res_partner_category_rel rel "
                "WHERE rel.partner_id = ANY(%s) AND NOT EXISTS (SELECT FROM partner_tag_assignment entry "
                "WHERE entry.partner_id = rel.partner_id AND entry.category_id = rel.category_id "
                "AND entry.until IS NULL) "
                "ON CONFLICT (partner_id, category_id) WHERE until IS NULL DO NOTHING",
                now,
                source,
                self.env.uid,
                reason,
                ids,
            )
        )
        self.env["partner.tag.assignment"].invalidate_model()

    def action_open_tag_history(self):
        """Open the tags that these partners have and had."""
        action = self.env["ir.actions.act_window"]._for_xml_id("customer_mgmt.partner_tag_assignment_action")
        title = self.env._("Tags of Before")
        return {
            **action,
            "name": title,
            "display_name": title,
            "domain": [("partner_id", "in", self.ids)],
            "context": {"hide_partner": len(self) == 1},
        }
