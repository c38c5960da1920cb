"""Giving a dimension's value to many partners at a person's wish: who changes, who has it, who is left out and why."""

from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class DimensionPlan(NamedTuple):
    """What a change of many partners would do, as ids: whom it changes, who has the value, and {why not: whom not}.

    The reasons are "population" (not classed by this dimension), "company" (the value serves another one), "mandatory"
    (it cannot be taken away) and "access" (the user may not change them).
    """

    changing: list
    having: list
    skipped: dict


class ResPartner(models.Model):
    """Plans and opens the changes of many that the dialogs "Set Dimension" and "Move All" make."""

    _inherit = "res.partner"

    def action_customer_set_dimension(self):
        """Open the dialog that gives a value to these partners, or to all that the list's filter finds.

        The client hands over only so many partners; when it has reached that limit, its filter says whom it means.
        """
        wizard = self.env["partner.dimension.assign"]._open_for(self)
        action = self.env["ir.actions.act_window"]._for_xml_id("customer_mgmt.partner_dimension_assign_action")
        return {**action, "res_id": wizard.id}

    @api.model
    def _plan_dimension(self, dimension, value, ids, population=True):
        """Return the DimensionPlan of giving ``value`` (record; empty: none) of ``dimension`` to ``ids``.

        Where contact persons show their company's value, the company stands for them. ``population`` leaves out who is
        not classed by the dimension.
        """
        entities = self._dimension_entities(dimension, ids)
        having = [row[0] for row in entities if (row[1] or False) == value.id]
        left = [row for row in entities if (row[1] or False) != value.id]
        skipped = {}
        if population:
            classed = self._dimension_population(dimension, [row[0] for row in left])
            skipped["population"] = [row[0] for row in left if row[0] not in classed]
            left = [row for row in left if row[0] in classed]
        if value.company_id:
            skipped["company"] = [row[0] for row in left if row[2] != value.company_id.id]
        if not value:
            skipped["mandatory"] = [row[0] for row in left if row[3] in dimension.mandatory]
        refused = set().union(*skipped.values())
        candidates = [row[0] for row in left if row[0] not in refused]
        changeable = set(self._dimension_changeable(candidates))
        skipped["access"] = [partner_id for partner_id in candidates if partner_id not in changeable]
        changing = [partner_id for partner_id in candidates if partner_id in changeable]
        return DimensionPlan(changing, having, {reason: ids for reason, ids in skipped.items() if ids})

    @api.model
    def _dimension_entities(self, dimension, ids):
        """Return (id, id of the value, id of the company, status) of whoever holds the value for ``ids``; by id."""
        self.flush_model([dimension.column, "commercial_partner_id", "company_id", "customer_status"])
        entity = SQL.identifier("commercial_partner_id" if dimension.applies_to == "customer" else "id")
        return self.env.execute_query(
            SQL(
                "SELECT id, %s, company_id, customer_status FROM res_partner "
                "WHERE id IN (SELECT %s FROM res_partner WHERE id = ANY(%s)) ORDER BY id",
                SQL.identifier(dimension.column),
                entity,
                list(ids),
            )
        )

    @api.model
    def _dimension_population(self, dimension, ids):
        """Return those of ``ids`` (as a set) that ``dimension`` classes, archived ones included."""
        # sudo: whether a partner is a customer is asked; who may change it is asked later
        Partner = self.sudo().with_context(active_test=False)
        population = self.env["partner.dimension.type"]._population_domain(dimension.applies_to)
        return set(Partner._search(Domain("id", "in", ids) & population)) if ids else set()

    @api.model
    def _dimension_changeable(self, ids):
        """Return those of ``ids`` (as a list) that the user may change, by the same rules as a change one by one."""
        allowed = self.browse(ids)._filtered_access("write")
        if not self.env["res.users"].has_access("write"):
            # Odoo lets only who may change users change the partners of colleagues.
            # sudo: only which partners belong to somebody
            users = self.env["res.users"].sudo().search([("partner_id", "in", allowed.ids), ("share", "=", False)])
            allowed -= (users - self.env.user.sudo()).partner_id.with_env(self.env)
        return allowed.ids
