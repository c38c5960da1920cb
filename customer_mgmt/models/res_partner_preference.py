"""The preferences of a partner on the partner."""

from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """Shows what a customer or a contact likes and refuses, and finds partners by it."""

    _inherit = "res.partner"

    preference_ids = fields.One2many(
        "partner.preference",
        "partner_id",
        string="Preferences",
        groups="base.group_user",
        domain=["|", ("superseded_by_id", "=", False), ("valid_until", ">=", "today")],
        help="What was replaced by newer statements is left out here, unless it holds until the newer one begins.",
    )
    likes = fields.Char(
        string="Likes What",
        compute="_compute_likes",
        search="_search_likes",
        groups="base.group_user",
        help="The targets of valid preferences from “Likes” upwards.",
    )
    refuses = fields.Char(
        string="Refuses What",
        compute="_compute_likes",
        search="_search_refuses",
        groups="base.group_user",
        help="The targets of valid preferences from “Dislikes” downwards.",
    )

    @api.depends("preference_ids.target_name", "preference_ids.strength", "preference_ids.is_current")
    def _compute_likes(self):
        """Name the targets, the strongest first."""
        for partner in self:
            valid = partner.preference_ids.filtered("is_current").sorted("strength_value", reverse=True)
            partner.likes = ", ".join(preference.target_name for preference in valid if preference.strength_value > 0)
            partner.refuses = ", ".join(preference.target_name for preference in valid if preference.strength_value < 0)

    @api.model
    def _search_likes(self, operator, value):
        return self._search_preference(Domain("strength_value", ">", 0), operator, value)

    @api.model
    def _search_refuses(self, operator, value):
        return self._search_preference(Domain("strength_value", "<", 0), operator, value)

    @api.model
    def _search_preference(self, strength, operator, value):
        """Find partners with a valid preference of ``strength`` (Domain) whose target is called so."""
        if operator not in ("ilike", "like", "=ilike", "=like", "in"):
            return NotImplemented
        valid = strength & Domain("is_current", "=", True)
        found = Domain("preference_ids", "any", valid & Domain("target_name", operator, value))
        if operator == "in" and False in value:
            found |= Domain("preference_ids", "not any", valid)
        return found

    def action_open_preferences(self):
        """Show everything these partners and their contacts ever said, with what was replaced."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("customer_mgmt.partner_preference_action")
        domain = ["|", ("partner_id", "in", self.ids), ("commercial_partner_id", "in", self.ids)]
        context = {"search_default_group_target": 1, "default_partner_id": self[:1].id}
        return {**action, "domain": domain, "context": context}

    @api.model
    def _action_open_liking(self, products, categories):
        """Open the customers who like one of ``products`` or ``categories``, by a domain that can be kept."""
        target = Domain("product_id", "in", products.ids) | Domain("product_category_id", "in", categories.ids)
        liking = target & Domain("strength_value", ">", 0) & Domain("is_current", "=", True)
        domain = Domain("preference_ids", "any", liking) | Domain("child_ids.preference_ids", "any", liking)
        action = self.env["ir.actions.act_window"]._for_xml_id("customer_mgmt.res_partner_action_customer")
        action["domain"] = list(self._customer_domain() & domain)
        action["name"] = self.env._("Customers Who Like It")
        return action
