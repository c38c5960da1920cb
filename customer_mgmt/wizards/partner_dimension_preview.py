"""What an evaluation of a dimension type would change."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tools import SQL

SHOWN_CUSTOMERS = 1_000


class PartnerDimensionPreview(models.TransientModel):
    """Tells before an evaluation how many customers would go from which value to which; it changes nothing."""

    _name = "partner.dimension.preview"
    _description = "Preview of an Evaluation"
    _rec_name = "type_id"

    type_id = fields.Many2one(
        "partner.dimension.type", string="Dimension", required=True, readonly=True, ondelete="cascade"
    )
    line_ids = fields.One2many("partner.dimension.preview.line", "preview_id", string="Changes", readonly=True)
    total = fields.Integer(string="Customers", readonly=True, help="All that the dimension classes.")
    changed_count = fields.Integer(string="Would Change", readonly=True, help="The sum of all lines.")
    kept_count = fields.Integer(
        string="Keep a Chosen Value", readonly=True, help="Customers whose value somebody has chosen; rules leave it."
    )
    unclassified_count = fields.Integer(
        string="Without Value Afterwards", readonly=True, help="Customers that no rule gives a value."
    )
    new_value_count = fields.Integer(
        string="Values to Be Made",
        readonly=True,
        help="Records that customers name and that no value stands for yet. The evaluation makes these values first; "
        "their customers are counted as without value here.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Count when the dialog opens; the result is a moment's picture."""
        previews = super().create([{"type_id": vals.get("type_id")} for vals in vals_list])
        for preview in previews:
            preview._count()
        return previews

    def _count(self):
        """Count by one grouped statement over all customers."""
        self.type_id.check_access("read")
        dimension = self._dimension()
        table = self._evaluated_sql(dimension)
        rows = self.env.execute_query(
            SQL(
                "SELECT current, wanted, chosen, count(*) FROM %s "
                "GROUP BY current, wanted, chosen ORDER BY count(*) DESC",
                table,
            )
        )
        changes = {}
        for current, wanted, _chosen, count in rows:
            if current != wanted:
                changes[current, wanted] = changes.get((current, wanted), 0) + count
        # sudo: the dialog is made by its own method alone
        self.sudo().write(
            {
                "total": sum(count for *_rest, count in rows),
                "changed_count": sum(changes.values()),
                "kept_count": sum(count for _current, _wanted, chosen, count in rows if chosen),
                "unclassified_count": sum(count for _current, wanted, _chosen, count in rows if not wanted),
                "new_value_count": sum(map(len, self.type_id._records_without_value().values())),
                "line_ids": [
                    Command.create({"from_value_id": current, "to_value_id": wanted, "count": count})
                    for (current, wanted), count in changes.items()
                ],
            }
        )

    def _dimension(self):
        """Return the type (Dimension), or say why it cannot be evaluated."""
        Type = self.env["partner.dimension.type"]
        for dimension in Type._evaluated_dimensions():
            if dimension.id == self.type_id.id:
                if reason := Type._explain_bad_rules(dimension):
                    raise ValidationError(reason)
                return dimension
        raise ValidationError(self.type_id._nothing_to_evaluate())

    def _evaluated_sql(self, dimension):
        """Return SQL of a table (id, current, wanted, chosen) with a row for each customer."""
        # sudo: rules are the same for everyone, and so are the numbers
        Type = self.env["partner.dimension.type"].sudo()
        Partner = self.env["partner.dimension.value"]._rule_partners()
        self.env.flush_all()
        population = Partner._search(Type._population_domain(dimension.applies_to)).subselect()
        query, [(_dimension, wanted, _unmet)] = Type._evaluation_query([dimension], population)
        chosen = SQL("FALSE") if dimension.frozen else Type._join_chosen(dimension, query)
        return SQL(
            "(%s) AS evaluated",
            query.select(
                SQL.identifier("res_partner", "id"),
                SQL("%s AS current", SQL.identifier("res_partner", dimension.column)),
                SQL("%s AS wanted", wanted),
                SQL("%s AS chosen", chosen),
            ),
        )

    def action_evaluate(self):
        """Do it."""
        return self.type_id.action_evaluate()

    def action_open_partners(self):
        """Show whom it would change, whatever to."""
        self.ensure_one()
        return self._open_partners(SQL("current IS DISTINCT FROM wanted"))

    def _open_partners(self, condition):
        """Open the customers that meet ``condition`` (SQL on the evaluated table), so many as one can look through."""
        self.check_access("read")
        table = self._evaluated_sql(self._dimension())
        rows = self.env.execute_query(
            SQL("SELECT id FROM %s WHERE %s ORDER BY id LIMIT %s", table, condition, SHOWN_CUSTOMERS)
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customers That Would Change (at most %s)", SHOWN_CUSTOMERS),
            "res_model": "res.partner",
            "view_mode": "list,form",
            "domain": [("id", "in", [partner_id for (partner_id,) in rows])],
            "context": {"active_test": False},
        }
