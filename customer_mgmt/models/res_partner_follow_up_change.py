"""What changes the follow-up status of customers, besides follow-ups and time."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .res_partner_follow_up_status import FOLLOW_UP_COLUMNS

# What says whose customer a partner is, and how often it should hear from us; dimensions come on top.
FACTS = frozenset(
    {"user_id", "customer_status", "customer_category_id", "company_id", "parent_id", "is_company", "company_type"}
)
# As many customers as a person changes in one go have their new status at once, more have it from the job.
AT_ONCE = 500


class ResPartner(models.Model):
    """Brings the status up to date when customers get another owner, status, place, category or dimension value.

    What concerns many customers, or all of a company, leaves marks for the job, and so does an import. Nobody else
    writes it.
    """

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        """Begin with the status of somebody's new customer."""
        partners = super().create(vals_list)
        partners._filter_owned().filtered("user_id")._refresh_follow_up_status()
        return partners

    def write(self, vals):
        """Follow what a customer has become, and when the days of a company begin."""
        result = super().write(vals)
        if not FACTS.isdisjoint(vals) or self._dimensions_in(vals):
            # sudo: who may change a partner need not be allowed to read all of it
            partners = self.sudo()
            concerned = partners.filtered(lambda one: one.follow_up_status or one._is_managed_customer())
            if self.env.context.get("import_file"):  # Odoo changes row by row; the job takes all of them at once
                self._write_follow_up_marks(concerned.ids)
            else:
                concerned._refresh_follow_up_status()
        if "tz" in vals:
            # sudo: whose time zone it is, the user need not know
            self.env["res.company"].sudo().search([("partner_id", "in", self.ids)])._mark_follow_up_zone()
        return result

    @api.model
    def _apply_dimension(self, dimension, wanted, source, reasons):
        """Follow the rhythm of values that rules, people or merges give to many."""
        ids = super()._apply_dimension(dimension, wanted, source, reasons)
        Type = self.env["partner.dimension.type"]
        if ids and dimension.applies_to == "customer" and Type.browse(dimension.id)._has_cadence():
            if len(ids) <= AT_ONCE:
                self.browse(ids)._refresh_follow_up_status()
            else:
                self._write_follow_up_marks(ids)
        return ids

    @api.model
    def _adopt_customers(self, ids, status, category, user):
        """Mark customers that have been adopted by the thousand."""
        result = super()._adopt_customers(ids, status, category, user)
        self._write_follow_up_marks(ids)
        return result

    @api.model
    def _system_fields(self):
        """Nobody enters by hand, with a file or over RPC what only the facts say."""
        return super()._system_fields().union(FOLLOW_UP_COLUMNS)

    # -- marks -------------------------------------------------------------------------------------------------------

    @api.model
    def _mark_follow_up_cadence(self, domain):
        """Mark those customers of ``domain`` (Domain) whose status depends on their cadence."""
        self._mark_follow_up_status(domain & Domain("follow_up_status", "in", ("no_plan", "dormant")))

    @api.model
    def _mark_follow_up_status(self, domain):
        """Mark the customers of ``domain`` (Domain) for the job, by one statement for any number."""
        partners = self._follow_up_rules()._search(domain)
        self.env.flush_all()
        self.env.cr.execute(SQL("INSERT INTO partner_follow_up_mark (partner_id) %s", partners.select()))

    @api.model
    def _write_follow_up_marks(self, ids):
        """Mark the partners ``ids`` for the job."""
        self.env.cr.execute(
            SQL("INSERT INTO partner_follow_up_mark (partner_id) SELECT unnest(%s::integer[])", list(ids))
        )
