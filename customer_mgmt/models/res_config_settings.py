"""The settings page of the app."""

from odoo import api, fields, models
from odoo.fields import Domain


class ResConfigSettings(models.TransientModel):
    """Lets an administrator choose who sees which customers, and how customer numbers look."""

    _inherit = "res.config.settings"

    customer_visibility = fields.Selection(
        [("open", "All customers"), ("team", "Their team's and their own customers"), ("own", "Their own customers")],
        default="open",
        required=True,
        help="What salespersons see who hold no further right. Contacts are seen with their customer. Everyone also "
        "reads the customers they follow or have an activity on, and all partners that are no customers.",
    )
    customer_visibility_effect = fields.Text(
        compute="_compute_customer_visibility_effect",
        help="Counted now, over the customers of all companies: salesperson and sales team of each customer, against "
        "the rights and the teams of each user. Followers and activities are not counted.",
    )
    customer_rightless_user_ids = fields.Many2many(
        "res.users",
        string="Users without Customer Rights",
        compute="_compute_customer_rightless_user_ids",
        help="Internal users who hold none of the rights of this app. They see every customer, whatever the policy.",
    )

    customer_sequence_id = fields.Many2one(related="company_id.customer_sequence_id")
    customer_number_prefix = fields.Char(
        string="Prefix", related="customer_sequence_id.prefix", readonly=False, related_sudo=False
    )
    customer_number_padding = fields.Integer(
        string="Digits", related="customer_sequence_id.padding", readonly=False, related_sudo=False
    )
    customer_number_next = fields.Integer(
        string="Next Number", related="customer_sequence_id.number_next_actual", readonly=True, related_sudo=False
    )
    shared_customer_sequence_id = fields.Many2one(
        "ir.sequence",
        string="Shared Customer Number Sequence",
        default=lambda self: self.env["res.partner"]._get_shared_customer_sequence(),
        readonly=True,
    )
    shared_customer_number_prefix = fields.Char(
        string="Shared Prefix", related="shared_customer_sequence_id.prefix", readonly=False, related_sudo=False
    )
    shared_customer_number_padding = fields.Integer(
        string="Shared Digits", related="shared_customer_sequence_id.padding", readonly=False, related_sudo=False
    )
    shared_customer_number_next = fields.Integer(
        string="Next Shared Number",
        related="shared_customer_sequence_id.number_next_actual",
        readonly=True,
        related_sudo=False,
    )

    @api.depends("customer_visibility")
    def _compute_customer_visibility_effect(self):
        """Say in figures what the chosen policy means, before it is saved."""
        for settings in self:
            settings.customer_visibility_effect = settings._describe_customer_visibility(settings.customer_visibility)

    def _describe_customer_visibility(self, policy):
        """Return the effect of ``policy`` as a sentence or two."""
        # sudo: the customers of all companies are concerned, also of those where the administrator does not work
        Partner = self.env["res.partner"].sudo()
        total = Partner.search_count(Partner._customer_domain())
        users = self.env["res.users"]._search_narrowed()
        if policy == "open" or not users:
            return self.env._("Everyone sees every customer: %(total)s in all.", total=total)
        counts = users._count_visible_customers(policy).values()
        nobodys = Partner._customer_domain() & Domain("user_id", "=", False) & Domain("team_id", "=", False)
        return self.env._(
            "Users who no longer see everything: %(users)s. Of %(total)s customers the one with the fewest sees "
            "%(least)s, the one with the most %(most)s; on average %(hidden)s are hidden. Customers with neither "
            "salesperson nor sales team, whom only “All Customers” shows: %(nobodys)s.",
            users=len(users),
            total=total,
            least=min(counts),
            most=max(counts),
            hidden=total - round(sum(counts) / len(users)),
            nobodys=Partner.search_count(nobodys),
        )

    def _compute_customer_rightless_user_ids(self):
        self.customer_rightless_user_ids = self.env["res.users"]._search_without_customer_rights()

    @api.model
    def get_values(self):
        """Show the policy in force, which only the rules themselves know."""
        return {**super().get_values(), "customer_visibility": self.env["ir.rule"]._customer_visibility()}

    def set_values(self):
        """Put the chosen policy into force."""
        result = super().set_values()
        if self.customer_visibility != self.env["ir.rule"]._customer_visibility():
            self.env["ir.rule"]._set_customer_visibility(self.customer_visibility)
        return result

    def action_adopt_customers(self):
        """Open the adoptions, which are checked for their own right."""
        return self.env["ir.actions.act_window"]._for_xml_id("customer_mgmt.customer_adoption_action")
