"""What an evaluation of a rule tag would change."""

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools.job import StatementLimit

SHOWN_CUSTOMERS = 1_000
CONDITIONS = {
    "getting": SQL("wanted AND NOT held"),
    "losing": SQL("held AND NOT wanted"),
    "keeping": SQL("held AND wanted"),
}


class PartnerTagPreview(models.TransientModel):
    """Tells before an evaluation how many would get a tag, lose it and keep it; it changes nothing.

    The numbers are the same for whoever may see the tag; opened are only those partners that the user may see.
    """

    _name = "partner.tag.preview"
    _description = "Preview of the Evaluation of a Tag"
    _rec_name = "category_id"

    category_id = fields.Many2one(
        "res.partner.category", string="Tag", required=True, readonly=True, ondelete="cascade"
    )
    total = fields.Integer(string="Looked at", readonly=True, help="All customers or contacts among whom it looks.")
    getting_count = fields.Integer(string="Would Get It", readonly=True, help="Meet the condition, have no tag yet.")
    losing_count = fields.Integer(
        string="Would Lose It", readonly=True, help="Have the tag; the condition is not met any more, or time is up."
    )
    keeping_count = fields.Integer(string="Would Keep It", readonly=True, help="Have the tag and keep it.")

    @api.model_create_multi
    def create(self, vals_list):
        """Count when the dialog opens; the result is a moment's picture."""
        previews = super().create([{"category_id": vals.get("category_id")} for vals in vals_list])
        for preview in previews:
            preview._count()
        return previews

    def _count(self):
        """Count by one statement over all partners."""
        columns = SQL(", ").join(SQL("count(*) FILTER (WHERE %s)", condition) for condition in CONDITIONS.values())
        [counts] = self._ask(SQL("SELECT %s FROM %s AS state", columns, self._state_sql()))
        Partner = self.category_id._rule_partners()
        # sudo: the dialog is made by its own method alone
        self.sudo().write(
            {
                "total": Partner.search_count(self.category_id._rule_population()),
                **{f"{name}_count": count for name, count in zip(CONDITIONS, counts, strict=True)},
            }
        )

    def _state_sql(self):
        """Return SQL of the table that runs go by, for everybody whom they look at; or say what is wrong."""
        tag = self.category_id
        tag._check_may_evaluate()
        if reason := tag._explain_slow():
            raise ValidationError(
                self.env._("The condition of “%(tag)s” cannot be used: %(reason)s.", tag=tag.name, reason=reason)
            )
        self.env.flush_all()
        population = tag._rule_partners()._search(tag._rule_population()).subselect()
        ids = SQL(
            "(SELECT id FROM %s AS population (id) UNION SELECT partner_id FROM %s WHERE category_id = %s)",
            population,
            tag._holders_table(),
            tag.id,
        )
        return tag._rule_state_sql(ids)

    def _ask(self, query):
        """Return the rows of ``query``, or say that the condition takes too long."""
        limit = self.env["partner.tag.run"]._statement_limit
        try:
            with self.env.cr.savepoint(), StatementLimit(self.env.cr, limit):
                self.env.cr.execute(query, log_exceptions=False)
                return self.env.cr.fetchall()
        except psycopg2.errors.QueryCanceled as error:
            raise ValidationError(
                self.env._(
                    "Condition: to look at all customers by the one of the tag “%(tag)s” takes more than %(seconds)g "
                    "seconds. Ask for less.",
                    tag=self.category_id.name,
                    seconds=limit / 1000,
                )
            ) from error

    def action_evaluate(self):
        """Do it."""
        return self.category_id.action_evaluate()

    def action_open_getting(self):
        """Show who would get the tag."""
        return self._open_partners("getting", self.env._("Would Get the Tag (at most %s)", SHOWN_CUSTOMERS))

    def action_open_losing(self):
        """Show who would lose the tag."""
        return self._open_partners("losing", self.env._("Would Lose the Tag (at most %s)", SHOWN_CUSTOMERS))

    def action_open_keeping(self):
        """Show who would keep the tag."""
        return self._open_partners("keeping", self.env._("Would Keep the Tag (at most %s)", SHOWN_CUSTOMERS))

    def _open_partners(self, name, title):
        """Open the partners of one of ``CONDITIONS``, so many as one can look through."""
        self.ensure_one()
        self.check_access("read")
        rows = self._ask(
            SQL(
                "SELECT partner_id FROM %s AS state WHERE %s ORDER BY partner_id LIMIT %s",
                self._state_sql(),
                CONDITIONS[name],
                SHOWN_CUSTOMERS,
            )
        )
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "res.partner",
            "view_mode": "list,form",
            "domain": [("id", "in", [partner_id for (partner_id,) in rows])],
            "context": {"active_test": False},
        }
