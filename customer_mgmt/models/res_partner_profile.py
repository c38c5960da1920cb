"""Where a customer comes from, who looks after it, and how big it is."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResPartner(models.Model):
    """Adds to the partner what every customer file asks first beside Odoo's own name, address and salesperson."""

    _inherit = "res.partner"

    source_id = fields.Many2one(
        "utm.source",
        string="Customer Source",
        index="btree_not_null",
        ondelete="set null",
        tracking=True,
        groups="base.group_user",
        help="How the customer first came to us: walk-in, website, fair, recommendation, …",
        prefetch="customer_file",
    )
    referrer_id = fields.Many2one(
        "res.partner",
        string="Recommended by",
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
        help="Who recommended us, where the source is a recommendation.",
        prefetch="customer_file",
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        index="btree_not_null",
        ondelete="set null",
        domain="['|', ('company_id', '=?', company_id), ('company_id', '=', False)]",
        tracking=True,
        groups="base.group_user",
        help="The team or store that looks after the customer. Contacts follow their company.",
        prefetch="customer_file",
    )
    employee_headcount = fields.Integer(
        string="Number of Employees",
        aggregator="sum",
        groups="base.group_user",
        help="Persons who work there, as far as known. Empty or 0: not known.",
        prefetch="customer_file",
    )

    @api.model
    def _customer_commercial_fields(self):
        return super()._customer_commercial_fields() + ["team_id"]

    @api.constrains("employee_headcount")
    def _check_employee_headcount(self):
        for partner in self:
            if partner.employee_headcount < 0:
                raise ValidationError(
                    self.env._(
                        "Number of Employees: %(customer)s cannot have fewer than 0. Leave it empty if unknown.",
                        customer=partner.display_name,
                    )
                )

    @api.constrains("referrer_id")
    def _check_referrer(self):
        for partner in self:
            if partner.referrer_id == partner:
                raise ValidationError(
                    self.env._(
                        "Recommended by: %(customer)s cannot recommend itself. Choose someone else or leave it empty.",
                        customer=partner.display_name,
                    )
                )

    # Not by check_company=True: Odoo would then look at every partner that anyone creates, one by one, and would allow
    # customers that all companies share no team of a company.
    @api.constrains("team_id", "company_id")
    def _check_team_company(self):
        """Refuse a team of another company than the customer's own."""
        for partner in self.sudo().filtered(lambda partner: partner.company_id and partner.team_id.company_id):
            if partner.team_id.company_id != partner.company_id:
                raise ValidationError(
                    self.env._(
                        "Sales Team: “%(team)s” works for %(company)s, and %(customer)s belongs to another company. "
                        "Choose another team.",
                        team=partner.team_id.name,
                        company=partner.team_id.company_id.name,
                        customer=partner.name,
                    )
                )
