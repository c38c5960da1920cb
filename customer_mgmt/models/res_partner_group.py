"""How customers hang together: groups of companies, and channel partners with their end customers."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    """Links separate legal persons without merging them: each keeps its number, address and history.

    Odoo's own parent company is no such link: it makes the child a contact that takes over the parent's address.
    """

    _inherit = "res.partner"

    group_parent_id = fields.Many2one(
        "res.partner",
        string="Parent in Group",
        index="btree_not_null",
        ondelete="set null",
        domain="[('is_company', '=', True), ('id', '!=', id)]",
        tracking=True,
        groups="base.group_user",
        help="The company that owns this one. Both stay customers of their own; the figures of the whole group are "
        "shown on the parent.",
        prefetch="customer_file",
    )
    subsidiary_ids = fields.One2many("res.partner", "group_parent_id", string="Subsidiaries", groups="base.group_user")
    group_company_count = fields.Integer(
        string="Companies in Group",
        compute="_compute_group_figures",
        groups="base.group_user",
        help="This company and all companies below it, at every level, that you may see; archived ones are left out.",
    )
    group_contact_count = fields.Integer(
        string="Contacts in Group",
        compute="_compute_group_figures",
        groups="base.group_user",
        help="Contact persons of this company and of all companies below it that you may see.",
    )
    group_open_need_count = fields.Integer(
        string="Open Needs in Group",
        compute="_compute_group_figures",
        groups="base.group_user",
        help="Needs marked as open of this company and of all companies below it that you may see.",
    )
    channel_partner_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="set null",
        domain="[('id', '!=', id)]",
        groups="base.group_user",
        help="The dealer, broker or agent through whom we reach this end customer.",
        prefetch="customer_file",
    )
    end_customer_ids = fields.One2many(
        "res.partner", "channel_partner_id", string="End Customers", groups="base.group_user"
    )

    @api.constrains("group_parent_id")
    def _check_group_parent(self):
        """Refuse a group that contains itself."""
        if self._has_cycle("group_parent_id"):
            raise ValidationError(
                self.env._(
                    "Parent in Group: a company cannot stand below itself, directly or through others. "
                    "Choose another parent."
                )
            )

    @api.constrains("channel_partner_id")
    def _check_channel_partner(self):
        """Refuse a customer that would be reached through itself."""
        if self._has_cycle("channel_partner_id"):
            raise ValidationError(
                self.env._(
                    "Channel Partner: a customer cannot be reached through itself, directly or through others. "
                    "Choose another channel partner."
                )
            )

    def _group_members(self):
        """Return {partner id: ids (list) of its whole group from itself downwards} in one query."""
        self.env["res.partner"].flush_model(["group_parent_id", "active"])
        rows = self.ids and self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE member AS (
                    SELECT id AS head_id, id FROM res_partner WHERE id IN %s
                    UNION
                    SELECT member.head_id, subsidiary.id
                      FROM res_partner subsidiary JOIN member ON subsidiary.group_parent_id = member.id
                     WHERE subsidiary.active
                )
                SELECT head_id, array_agg(id) FROM member GROUP BY head_id
                """,
                tuple(self.ids),
            )
        )
        return dict(rows or ())

    @api.depends("group_parent_id", "subsidiary_ids", "child_ids", "need_ids.is_open")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_group_figures(self):
        """Count per company in one query each for all groups, then add up along each group."""
        members = self._group_members()
        ids = list(set().union(*members.values()))
        Partner = self.env["res.partner"]
        visible = set(Partner.search(Domain("id", "in", ids)).ids)
        contacts = Domain("parent_id", "in", ids) & Domain("is_company", "=", False) & Domain("type", "=", "contact")
        contact_counts = dict(Partner._read_group(contacts, ["parent_id"], ["__count"]))
        needs = Domain("partner_id", "in", ids) & Domain("is_open", "=", True)
        need_counts = dict(self.env["customer.need"]._read_group(needs, ["partner_id"], ["__count"]))
        for partner in self:
            group = Partner.browse(members.get(partner.id, ()))
            partner.group_company_count = len(visible.intersection(group.ids))
            partner.group_contact_count = sum(contact_counts.get(member, 0) for member in group)
            partner.group_open_need_count = sum(need_counts.get(member, 0) for member in group)

    def action_open_group(self):
        """Open this company and all companies below it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("customer_mgmt.res_partner_action_customer")
        ids = self._group_members().get(self.id, self.ids)
        return {**action, "name": self.env._("Group of %s", self.name), "domain": [("id", "in", ids)], "context": {}}
