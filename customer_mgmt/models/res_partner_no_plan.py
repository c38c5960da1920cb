"""Customers whose owners ought to plan something."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    """Finds customers that have waited longer than their cadence without a next step; owners hear of each once."""

    _inherit = "res.partner"

    follow_up_no_plan_told = fields.Datetime(
        string="Without a Plan, Told for",
        copy=False,
        readonly=True,
        groups=fields.NO_ACCESS,
        prefetch="customer_file",
        help="The last contact after which the owner was told that there is no plan: once per contact.",
    )

    @api.model
    def _without_plan_domain(self, owners):
        """Return the Domain of the customers of ``owners`` (users) that were contacted and have no open next step."""
        domain = self._customer_domain() & Domain("user_id", "in", owners.ids)
        return domain & Domain("follow_up_status", "in", ["no_plan", "dormant"])

    def _search_newly_without_plan(self, owners):
        """Return the customers of ``owners`` whose cadence has passed since the last contact, not told of yet."""
        untold = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IS DISTINCT FROM %s",
                SQL.identifier(alias, "follow_up_no_plan_told"),
                SQL.identifier(alias, "follow_up_last_date"),
            )
        )
        domain = self._without_plan_domain(owners) & Domain("follow_up_last_date", "!=", False) & untold
        customers = self.search(domain, order="follow_up_last_date, id")
        cadence = customers._follow_up_cadence_days()
        now = fields.Datetime.now()
        return customers.filtered(
            lambda customer: (
                cadence.get(customer.id) and customer.follow_up_last_date + timedelta(days=cadence[customer.id]) < now
            )
        )

    def _digest_line(self, recipient, what, when):
        """Return what a message to ``recipient`` (user) says about this partner (dict of strings)."""
        owner = self.commercial_partner_id.user_id
        return {
            "url": f"/mail/view?model=res.partner&res_id={self.id}",
            "customer": self.name or self.display_name,
            "what": what,
            "when": when,
            "owner": owner.name if owner != recipient else "",
        }
