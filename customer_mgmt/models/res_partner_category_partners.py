"""Giving a tag from the tag's own side."""

from odoo import api, models
from odoo.tools import SQL


class ResPartnerCategory(models.Model):
    """Lets partners that are put on a tag be counted and written down as those on whom a tag is put."""

    _inherit = "res.partner.category"

    @api.model_create_multi
    def create(self, vals_list):
        """New tags may come with partners."""
        with_partners = [vals for vals in vals_list if vals.get("partner_ids")]
        if not with_partners:
            return super().create(vals_list)
        Partner = self.env["res.partner"]
        ids = set().union(*map(self._named_partner_ids, with_partners))
        before = Partner.browse(ids)._count_limited_tags() if Partner._is_change_by_person() else {}
        tags = super().create(vals_list)
        tags._after_partners_changed([], before)
        return tags

    def write(self, vals):
        """Note who had these tags before and who has them now."""
        if "partner_ids" not in vals:
            return super().write(vals)
        ids = self._partner_ids_now()
        before = {}
        if self.env["res.partner"]._is_change_by_person():
            before = self.env["res.partner"].browse(ids | self._named_partner_ids(vals))._count_limited_tags()
        result = super().write(vals)
        self._after_partners_changed(ids, before)
        return result

    @api.model
    def _named_partner_ids(self, vals):
        """Return the ids (set) of the partners that a write of ``vals`` names."""
        named = set()
        for command in vals["partner_ids"] or ():
            if not isinstance(command, list | tuple):
                named.add(command)
            elif len(command) > 2 and command[2] and not isinstance(command[2], dict):
                named.update(command[2])
            elif len(command) > 1 and command[1]:
                named.add(command[1])
        return {partner_id for partner_id in named if isinstance(partner_id, int)}

    def _partner_ids_now(self):
        """Return the ids (set) of all partners that have one of these tags."""
        self.env.flush_all()
        query = SQL(
            "SELECT DISTINCT partner_id FROM res_partner_res_partner_category_rel WHERE category_id = ANY(%s)", self.ids
        )
        return {partner_id for (partner_id,) in self.env.execute_query(query)}

    def _after_partners_changed(self, ids, before):
        """Hold the change to the limits, if a person made it, and write it down."""
        Partner = self.env["res.partner"]
        partners = Partner.browse(self._partner_ids_now().union(ids))
        if Partner._is_change_by_person():
            partners._check_tag_limits(before)
        Partner._record_tags(partners.ids, Partner._change_source())
