"""Keeping the history of owners while owners change."""

from odoo import api, fields, models
from odoo.tools import SQL


class ResPartner(models.Model):
    """Writes down who owns a customer on every way an owner can change, for any number of customers at once."""

    _inherit = "res.partner"

    ownership_ids = fields.One2many(
        "partner.ownership",
        "partner_id",
        string="Owners so Far",
        copy=False,
        groups="base.group_user",
        help="Who owned this customer, from when until when. Written by the system on every change of salesperson.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Begin the history of new customers with their first owner."""
        partners = super().create(vals_list)
        partners._filter_owned()._sync_ownership("created")
        return partners

    def write(self, vals):
        """Note a change of owner, and who begins or ends to be a customer of its own."""
        if not vals.keys() & {"user_id", "customer_status", "parent_id", "is_company", "company_type"}:
            return super().write(vals)
        before = self._filter_owned()
        result = super().write(vals)
        after = self._filter_owned()
        (after & before)._sync_ownership("changed")
        (after - before)._sync_ownership("managed")
        (before - after)._sync_ownership("changed")
        return result

    def _filter_owned(self):
        """Return those of these partners that count as customers, and so have an owner or could have one."""
        # sudo: who may change a partner need not be allowed to read all of it
        return self.sudo().filtered(lambda partner: partner._is_managed_customer())

    def _sync_ownership(self, cause):
        """Make the open rows of these partners say who owns them now, noting ``cause`` (a value of the field) if not.

        Idempotent: where owner and row agree nothing is written. A partner that is no customer any more keeps its past
        and loses its open row.
        """
        if not self:
            return
        owners = [SQL("(%s, %s::integer)", partner.id, partner.user_id.id or None) for partner in self._filter_owned()]
        now = fields.Datetime.now()
        self._close_ownership(owners, now)
        if owners:
            # Who begins twice at the same time is tried again by Odoo, not refused: ON CONFLICT sees to it.
            self.env.cr.execute(
                SQL(
                    "INSERT INTO partner_ownership (partner_id, user_id, since, cause, by_id) "
                    "SELECT partner_id, user_id, %s, %s, %s FROM (VALUES %s) AS owner (partner_id, user_id) "
                    "ON CONFLICT (partner_id) WHERE until IS NULL DO NOTHING",
                    now,
                    cause,
                    self.env.uid,
                    SQL(", ").join(owners),
                )
            )
        self.invalidate_recordset(["ownership_ids"])
        self.env["partner.ownership"].invalidate_model()

    def _close_ownership(self, owners, now):
        """End those open rows of these partners that ``owners`` (list of SQL pairs: partner, user) do not confirm."""
        unconfirmed = owners and SQL(
            "AND NOT EXISTS (SELECT FROM (VALUES %s) AS owner (partner_id, user_id) "
            "WHERE owner.partner_id = o.partner_id AND owner.user_id IS NOT DISTINCT FROM o.user_id)",
            SQL(", ").join(owners),
        )
        self.env["partner.ownership"].flush_model()
        self.env.cr.execute(
            SQL(
                "UPDATE partner_ownership o SET until = %s WHERE o.partner_id IN %s AND o.until IS NULL %s",
                now,
                tuple(self.ids),
                unconfirmed or SQL(),
            )
        )
