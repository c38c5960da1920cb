"""What a tag is for, who looks after it, and how partners come by it."""

from odoo import api, fields, models, tools


class ResPartnerCategory(models.Model):
    """Governs Odoo's own tags; whoever knows nothing of it uses them as ever.

    Names are kept apart in res_partner_category_name.py, rules are in res_partner_category_rule.py.
    """

    _name = "res.partner.category"
    _inherit = ["res.partner.category", "partner.condition.mixin", "partner.personal.mixin"]

    tag_group_id = fields.Many2one("partner.tag.group", string="Group", index="btree_not_null", ondelete="set null")
    description = fields.Text(translate=True, help="What the tag means and when to give it.")
    owner_id = fields.Many2one(
        "res.users",
        string="Owner of the Tag",
        index="btree_not_null",
        ondelete="set null",
        help="Looks after the tag, and is told when its rule cannot be evaluated.",
    )
    tag_kind = fields.Selection(
        [("manual", "By hand"), ("rule", "By a rule")],
        string="Given",
        required=True,
        default="manual",
        help="By a rule: given to whoever meets the condition and taken away afterwards, every night; nobody can give "
        "or remove it by hand.",
    )
    rule_domain = fields.Char(string="Condition", default="[]", help="Who gets the tag.")
    rule_applies_to = fields.Selection(
        [("customer", "Customers"), ("contact", "Contacts"), ("both", "Customers and contacts")],
        string="Given to",
        required=True,
        default="customer",
        help="Whom the rule looks at.",
    )
    expiry_days = fields.Integer(
        string="Expires after (Days)",
        help="The tag is taken away so many days after it was given. 0: it stays. A rule gives it again only after its "
        "condition was not met for a time.",
    )
    is_personal = fields.Boolean(
        string="Personal Fact",
        compute="_compute_is_personal",
        store=True,
        help="The condition asks for personal facts (a birth date, say): only those who may know these see the tag.",
    )
    tag_assignment_ids = fields.One2many("partner.tag.assignment", "category_id", string="Given so Far")

    @api.depends("tag_kind", "rule_domain")
    def _compute_is_personal(self):
        for tag in self:
            tag.is_personal = tag.tag_kind == "rule" and self._is_personal_condition(tag.rule_domain)

    @api.model
    @tools.ormcache(cache="stable")
    def _has_personal(self):
        """Tell whether any tag is personal; asked at every search by tags."""
        # sudo: whoever asks may not see them
        return bool(self.sudo().with_context(active_test=False).search_count([("is_personal", "=", True)], limit=1))
