"""Merging partners: their dimensions and the history of these."""

from odoo import fields, models
from odoo.tools import SQL

from ..tools.dimension import is_column_name


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Gives the survivor what it lacks, and lets what the sources had end.

    The history of a source that is kept stays with it: at that time there were two customers, and one customer has one
    value at a time. That of a source which is deleted becomes part of the survivor's.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """End what the sources had before Odoo moves everything, and hand it over afterwards."""
        # sudo: whoever may merge need not be allowed to read all of it
        sources, survivor = src_partners.sudo(), dst_partner.sudo()
        gifts = self._find_dimension_gifts(sources, survivor)
        self._end_dimension_history(sources)
        kept = self._find_kept_history(sources)
        result = super()._update_foreign_keys(src_partners, dst_partner)
        if kept:
            self.env.cr.execute(
                SQL(
                    "UPDATE partner_dimension_assignment a SET partner_id = kept.partner_id "
                    "FROM (VALUES %s) AS kept (id, partner_id) WHERE a.id = kept.id",
                    SQL(", ").join(SQL("(%s, %s)", *row) for row in kept),
                )
            )
        for partner, dimension, value, source, reason in gifts:
            wanted = SQL("SELECT %s AS partner_id, %s AS value_id", partner.id, value.id)
            partner._apply_dimension(dimension, wanted, source, {value.id: reason})
        if dimensions := survivor._shared_dimensions():
            # The sources' contact persons are the survivor's by now.
            survivor._align_dimensions(dimensions)
        # Odoo would copy them where the survivor may not have them.
        self._take_off_dimensions(sources)
        self.env["partner.dimension.assignment"].invalidate_model()
        return result

    def _log_merge_operation(self, src_partners, dst_partner):
        """Leave no value on the sources that are archived: for the last steps Odoo took them for contacts."""
        result = super()._log_merge_operation(src_partners, dst_partner)
        # sudo: as above
        self._take_off_dimensions(self._kept_among(src_partners).sudo())
        return result

    def _find_dimension_gifts(self, sources, survivor):
        """Return [(partner, dimension, value, source of the value, reason)] of what the survivor lacks.

        For a contact person it is the company that takes it over. Of several sources the last one gives, as in Odoo.
        """
        entries = {
            (entry.partner_id, entry.type_id.id): entry.source
            for entry in sources.dimension_assignment_ids
            if not entry.until
        }
        # What the survivor belongs to once Odoo has given it what it lacks.
        company = survivor.company_id or sources.company_id[-1:]
        gifts = []
        for dimension in survivor._dimensions_of():
            taker = survivor.commercial_partner_id if dimension.applies_to == "customer" else survivor
            for giver in sources[::-1]:
                value = giver[dimension.column]
                # A contact person has no entry, because the value is its company's.
                source = entries.get((giver, dimension.id))
                if (
                    value
                    and source
                    and not taker[dimension.column]
                    and value.company_id in (value.browse().company_id, company)
                ):
                    gifts.append((taker, dimension, value, source, self.env._("Merged from %s", giver.display_name)))
                    break
        return gifts

    def _end_dimension_history(self, sources):
        """End the open entries of the sources: two could not stand side by side on the survivor."""
        self.env["partner.dimension.assignment"].flush_model()
        self.env.cr.execute(
            SQL(
                "UPDATE partner_dimension_assignment SET until = %s WHERE partner_id = ANY(%s) AND until IS NULL",
                fields.Datetime.now(),
                sources.ids,
            )
        )

    def _take_off_dimensions(self, sources):
        """Empty the columns of the sources."""
        # Those of archived types, too: they may come back.
        columns = [name for name in sources._fields if is_column_name(name)]
        self.env.flush_all()
        if sources and columns:
            assignments = SQL(", ").join(SQL("%s = NULL", SQL.identifier(column)) for column in columns)
            self.env.cr.execute(SQL("UPDATE res_partner SET %s WHERE id = ANY(%s)", assignments, sources.ids))
        sources.invalidate_recordset(columns)

    def _find_kept_history(self, sources):
        """Return [(id, partner id)] of the entries that stay with sources which are archived."""
        kept = self._kept_among(sources)
        if not kept:
            return []
        return self.env.execute_query(
            SQL("SELECT id, partner_id FROM partner_dimension_assignment WHERE partner_id = ANY(%s)", kept.ids)
        )
