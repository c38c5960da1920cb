"""When the customer's data were last checked by a person."""

from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

# For categories that say nothing, and for customers without category.
VERIFICATION_DAYS = 365


class ResPartner(models.Model):
    """Keeps who confirmed the data of a customer and when, and says when it is time to do so again."""

    _inherit = "res.partner"

    verified_on = fields.Date(
        string="Last Verified on",
        copy=False,
        tracking=True,
        groups="base.group_user",
        help="When someone last confirmed that what stands here is right.",
        prefetch="customer_file",
    )
    verified_by_id = fields.Many2one(
        "res.users",
        string="Verified by",
        copy=False,
        ondelete="set null",
        groups="base.group_user",
        prefetch="customer_file",
    )
    customer_verification_due = fields.Boolean(
        string="To Verify",
        compute="_compute_customer_verification_due",
        search="_search_customer_verification_due",
        groups="base.group_user",
        help="A prospect or active customer that was never verified, or whose last verification is more days ago than "
        "its category (or the nearest category above that has a value) says, else more than 365 days ago; today is "
        "the day in the company's time zone.",
    )

    def action_customer_verify(self):
        """Note that the user has checked these customers (a contact person stands for the company) today."""
        self.commercial_partner_id.write(
            {"verified_on": fields.Date.context_today(self), "verified_by_id": self.env.uid}
        )

    @api.model
    def _verification_limit(self, days):
        """Return the last day (date) on which a verification is too long ago for ``days``."""
        # sudo: the company's own partner need not be readable
        zone = self.env.company.sudo().partner_id.tz or "UTC"
        return fields.Date.context_today(self.with_context(tz=zone)) - timedelta(days=days + 1)

    @api.depends(
        "customer_status",
        "customer_category_id.verification_days",
        "is_company",
        "parent_id",
        "verified_on",
    )
    @api.depends_context("company")
    def _compute_customer_verification_due(self):
        for partner, known in zip(self, self.sudo(), strict=True):
            days = known.customer_category_id._inherited_value("verification_days") or VERIFICATION_DAYS
            in_use = known._is_managed_customer() and known.customer_status != "invalid"
            late = not known.verified_on or known.verified_on <= self._verification_limit(days)
            partner.customer_verification_due = in_use and late

    @api.model
    def _search_customer_verification_due(self, operator, value):
        """Compare the date with one limit per number of days."""
        if operator != "in":
            return NotImplemented
        late = self._by_verification_days(lambda days: Domain("verified_on", "<=", self._verification_limit(days)))
        due = self._customer_domain() & Domain("customer_status", "!=", "invalid")
        due &= Domain("verified_on", "=", False) | late
        return Domain.OR(due if wanted else ~due for wanted in set(value))

    @api.model
    def _by_verification_days(self, condition):
        """Return the Domain of whoever meets ``condition`` (function: days -> Domain) for the days of its category."""
        category_ids = defaultdict(list)
        # sudo: a category of another company has its days all the same
        for category in self.env["customer.category"].sudo().with_context(active_test=False).search(Domain.TRUE):
            if days := category._inherited_value("verification_days"):
                category_ids[days].append(category.id)
        special = [category_id for ids in category_ids.values() for category_id in ids]
        usual = Domain("customer_category_id", "not in", special) & condition(VERIFICATION_DAYS)
        others = [Domain("customer_category_id", "in", ids) & condition(days) for days, ids in category_ids.items()]
        return Domain.OR([usual, *others])
