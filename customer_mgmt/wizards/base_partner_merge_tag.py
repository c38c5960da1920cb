"""Merging partners: their tags and the history of these."""

from odoo import fields, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Lets the survivor have the tags of all, with one open entry each; Odoo moves the rest."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """End what would be open twice before Odoo moves the entries, which it would stop at or delete."""
        self.env.flush_all()
        ranked = SQL(
            "SELECT id, row_number() OVER (PARTITION BY category_id ORDER BY partner_id = %s DESC, since, id) AS place "
            "FROM partner_tag_assignment WHERE partner_id = ANY(%s) AND until IS NULL",
            dst_partner.id,
            (src_partners | dst_partner).ids,
        )
        self.env.cr.execute(
            SQL(
                "UPDATE partner_tag_assignment entry SET until = %s FROM (%s) AS ranked "
                "WHERE entry.id = ranked.id AND ranked.place > 1",
                fields.Datetime.now(),
                ranked,
            )
        )
        result = super()._update_foreign_keys(src_partners, dst_partner)
        # Odoo leaves on the sources what the survivor had already; those that are archived would keep it.
        self.env.cr.execute(
            SQL("DELETE FROM res_partner_res_partner_category_rel WHERE partner_id = ANY(%s)", src_partners.ids)
        )
        (src_partners | dst_partner).invalidate_recordset(["category_id"])
        self.env["partner.tag.assignment"].invalidate_model()
        return result
