"""How much a tag is used."""

from odoo import api, fields, models
from odoo.tools import SQL

# What PostgreSQL understands as the client says it.
COMPARISONS = {operator: SQL(operator) for operator in ("<", "<=", ">", ">=")}


class ResPartnerCategory(models.Model):
    """Counts who has a tag, and knows when it was given last; one query each for any number of tags."""

    _inherit = "res.partner.category"

    usage_count = fields.Integer(
        string="Customers",
        compute="_compute_usage_count",
        search="_search_usage_count",
        help="Customers, contacts and other partners that have the tag; archived ones are not counted.",
    )
    last_used_on = fields.Datetime(
        string="Last Given",
        compute="_compute_last_used_on",
        help="When somebody was given the tag last, as far as the history reaches back.",
    )

    def _compute_usage_count(self):
        self.env.flush_all()
        counts = dict(
            self.env.execute_query(
                SQL(
                    "SELECT rel.category_id, count(*) FROM res_partner_res_partner_category_rel rel "
                    "JOIN res_partner partner ON partner.id = rel.partner_id AND partner.active "
                    "WHERE rel.category_id = ANY(%s) GROUP BY rel.category_id",
                    self._origin.ids,
                )
            )
        )
        for tag in self:
            tag.usage_count = counts.get(tag._origin.id, 0)

    @api.model
    def _search_usage_count(self, operator, value):
        if operator == "in":
            condition = SQL("count(partner.id) = ANY(%s)", [int(number) for number in value])
        elif operator in COMPARISONS:
            condition = SQL("count(partner.id) %s %s", COMPARISONS[operator], int(value))
        else:
            return NotImplemented
        self.env.flush_all()
        query = SQL(
            "(SELECT tag.id FROM res_partner_category tag "
            "LEFT JOIN res_partner_res_partner_category_rel rel ON rel.category_id = tag.id "
            "LEFT JOIN res_partner partner ON partner.id = rel.partner_id AND partner.active "
            "GROUP BY tag.id HAVING %s)",
            condition,
        )
        return [("id", "in", query)]

    @api.depends("tag_assignment_ids.since")
    def _compute_last_used_on(self):
        self.env["partner.tag.assignment"].flush_model()
        found = dict(
            self.env.execute_query(
                SQL(
                    "SELECT category_id, max(since) FROM partner_tag_assignment WHERE category_id = ANY(%s) "
                    "GROUP BY category_id",
                    self._origin.ids,
                )
            )
        )
        for tag in self:
            tag.last_used_on = found.get(tag._origin.id, False)

    def action_open_partners(self):
        """Open the partners that have this tag."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "res.partner",
            "view_mode": "list,kanban,form",
            "domain": [("category_id", "in", self.ids)],
            "context": {"create": False},
        }

    def action_open_history(self):
        """Open who had this tag and when."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("customer_mgmt.partner_tag_assignment_action")
        return {**action, "domain": [("category_id", "in", self.ids)], "context": {"hide_tag": True}}
