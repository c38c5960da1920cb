"""The contact persons of customers."""

from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """Says what part a contact person plays in the customer's decisions."""

    _inherit = "res.partner"

    contact_role_id = fields.Many2one(
        "partner.contact.role",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        tracking=True,
        groups="base.group_user",
        help="The part this person plays when the customer decides, whatever the job position is called.",
        prefetch="customer_file",
    )
    contact_influence = fields.Selection(
        [("high", "High"), ("medium", "Medium"), ("low", "Low")],
        string="Influence",
        copy=False,
        tracking=True,
        groups="base.group_user",
        help="How much this person's word counts when the customer decides.",
        prefetch="customer_file",
    )

    @api.model
    def _contact_domain(self):
        """Return the one definition of a customer's contact person: lists, counts and reports all use it."""
        return (
            Domain("customer_status", "!=", False)
            & Domain("is_company", "=", False)
            & Domain("parent_id", "!=", False)
            & Domain("type", "=", "contact")
        )
