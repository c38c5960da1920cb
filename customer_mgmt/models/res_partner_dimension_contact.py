"""Contact persons have the dimensions of their company."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    """Makes contact persons equal their company, also where Odoo's copying leaves them: archived, or a value emptied.

    A contact person that leaves its company takes the values along, as values of its own, with a history of their own.
    """

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse a contact person with another value than its company; no query where no dimension is given."""
        partners = super().create(vals_list)
        given = self._dimensions_given(vals_list)
        for dimension in self._shared_dimensions(given):
            # sudo: whoever may enter a contact need not be allowed to read its company
            known = partners.sudo()
            if self._is_change_by_person():
                chosen = {
                    partner: vals[dimension.column]
                    for partner, vals in zip(known, vals_list, strict=True)
                    if vals.get(dimension.column)
                }
                self._refuse_own_value(dimension, chosen)
            known.filtered(lambda partner: partner.commercial_partner_id != partner)._align_dimensions([dimension])
        return partners

    def write(self, vals):
        """Let contact persons follow, and who begins or ends to be one."""
        moved = vals.keys() & {"parent_id", "is_company", "company_type"}
        dimensions = self._shared_dimensions(None if moved else vals)
        if not dimensions:
            return super().write(vals)
        # sudo: as above
        known = self.sudo()
        before = {partner: partner.commercial_partner_id for partner in known} if moved else {}
        result = super().write(vals)
        if moved or any(partner.commercial_partner_id == partner for partner in known):
            known._align_dimensions(dimensions)
        else:
            known._filter_unlike_company(dimensions)._align_dimensions(dimensions)
        known._keep_dimension_sources(before)
        return result

    def unlink(self):
        """Begin a history of their own for contact persons whose company is deleted."""
        dimensions = self._shared_dimensions()
        contacts = dimensions and self._find_classed_contacts(dimensions)
        result = super().unlink()
        if contacts and (left := contacts.exists()):
            reason = self.env._("Place in a company changed")
            # Whose the values were is gone with the company; what a rule could have given stays a rule's.
            by_rule = [dimension for dimension in dimensions if dimension.evaluated]
            chosen = [dimension for dimension in dimensions if not dimension.evaluated]
            for source, group in ((self._change_source(), chosen), ("rule", by_rule)):
                left._sync_dimension_history(group, source, reason)
        return result

    @api.model
    def _shared_dimensions(self, names=None):
        """Return the dimensions (list of Dimension) that contact persons share: all, or those among ``names``."""
        dimensions = self._dimensions_of("customer")
        return [dimension for dimension in dimensions if names is None or dimension.column in names]

    def _find_classed_contacts(self, dimensions):
        """Return the contact persons of these companies that have any value, and are not among these partners."""
        # sudo: also those that the user may not see
        return (
            self.sudo()
            .with_context(active_test=False)
            .search(
                Domain("commercial_partner_id", "in", self.ids)
                & Domain("id", "not in", self.ids)
                & Domain.OR(Domain(dimension.column, "!=", False) for dimension in dimensions)
            )
        )

    def _filter_unlike_company(self, dimensions):
        """Return those of these contact persons that differ from their company; no query for what is read already."""
        names = [dimension.column for dimension in dimensions]
        return self.filtered(
            lambda contact: any(contact[name] != contact.commercial_partner_id[name] for name in names)
        )

    def _align_dimensions(self, dimensions):
        """Give all contact persons of these partners' companies the company's values; one statement for any number."""
        if not self:
            return
        entities = self.commercial_partner_id
        if self._copy_dimensions(dimensions, SQL("entity.id = ANY(%s)", entities.ids)):
            self.invalidate_model([dimension.column for dimension in dimensions])

    @api.model
    def _copy_dimensions(self, dimensions, condition):
        """Copy the values of the companies that meet ``condition`` (SQL) to their contact persons; return how many."""
        self.env.flush_all()
        columns = [SQL.identifier(dimension.column) for dimension in dimensions]
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET %s FROM res_partner entity "
                "WHERE res_partner.commercial_partner_id = entity.id AND res_partner.id != entity.id "
                "AND %s AND (%s) IS DISTINCT FROM (%s)",
                SQL(", ").join(SQL("%s = entity.%s", column, column) for column in columns),
                condition,
                SQL(", ").join(SQL("res_partner.%s", column) for column in columns),
                SQL(", ").join(SQL("entity.%s", column) for column in columns),
            )
        )
        return self.env.cr.rowcount

    def _commercial_sync_to_descendants(self, fields_to_sync=None):
        """Leave the dimensions to us: Odoo writes contact by contact, and not to archived ones."""
        names = self._commercial_fields() if fields_to_sync is None else fields_to_sync
        columns = {dimension.column for dimension in self._shared_dimensions(names)}
        if not columns:
            return super()._commercial_sync_to_descendants(fields_to_sync)
        rest = [name for name in names if name not in columns]
        return super()._commercial_sync_to_descendants(rest) if rest else None

    def _keep_dimension_sources(self, before):
        """Let who has left a company keep what its values come from; ``before``: {partner: company it belonged to}.

        What a rule has given stays a rule's, otherwise it would never change again.
        """
        origins = [
            SQL("(%s, %s)", partner.id, entity.id)
            for partner, entity in before.items()
            if entity != partner and partner.commercial_partner_id == partner
        ]
        if not origins:
            return
        self.env.cr.execute(
            SQL(
                "UPDATE partner_dimension_assignment own SET source = theirs.source "
                "FROM (VALUES %s) AS origin (partner_id, entity_id) "
                "JOIN partner_dimension_assignment theirs ON theirs.partner_id = origin.entity_id "
                "WHERE own.partner_id = origin.partner_id AND own.until IS NULL AND theirs.until IS NULL "
                "AND own.type_id = theirs.type_id AND own.value_id = theirs.value_id",
                SQL(", ").join(origins),
            )
        )
        self.env["partner.dimension.assignment"].invalidate_model()
