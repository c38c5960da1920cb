"""Saying on the customer where the values of its dimensions come from."""

from odoo import api, fields, models
from odoo.tools import SQL, format_date


class ResPartner(models.Model):
    """Says beside each value who or what gave it and when, from the open entries of the history."""

    _inherit = "res.partner"

    dimension_notes = fields.Json(
        compute="_compute_dimension_notes",
        groups="base.group_user",
        help="For each dimension with a value: who or what gave it and when, as its history says. Contact persons: "
        "what holds for their company.",
    )

    @api.depends_context("lang", "tz")
    def _compute_dimension_notes(self):
        """Return {column: {"value_id", "source", "text", "locked"}}, with one query for all of them."""
        dimensions = {dimension.id: dimension for dimension in self._dimensions_of()}
        # sudo: whose contact somebody is; what the company has stands on the contact, too
        entities = {partner: partner.sudo().commercial_partner_id._origin.id for partner in self}
        entries = self._open_dimension_entries({*entities.values(), *self._origin.ids} - {False})
        for partner in self:
            notes = {}
            for holder, applies_to in ((entities[partner], "customer"), (partner._origin.id, "contact")):
                for entry in entries.get(holder, ()):
                    dimension = dimensions.get(entry["type_id"])
                    if dimension and dimension.applies_to == applies_to:
                        notes[dimension.column] = {
                            "value_id": entry["value_id"],
                            "source": entry["source"],
                            "text": self._dimension_note(dimension, entry),
                            "locked": dimension.frozen,
                        }
            partner.dimension_notes = notes

    def _sync_dimension_history(self, dimensions, source, reason=None, moved=False):
        """What was said before does not hold any more, for contact persons neither."""
        result = super()._sync_dimension_history(dimensions, source, reason, moved)
        self.env["res.partner"].invalidate_model(["dimension_notes"], flush=False)
        return result

    @api.model
    def _open_dimension_entries(self, ids):
        """Return {partner id: open entries (list of dict)} of ``ids``, with the name of whoever gave the value."""
        found = {}
        if not ids:
            return found
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT entry.partner_id, entry.type_id, entry.value_id, entry.source, entry.since, entry.reason, "
                "author.name AS author FROM partner_dimension_assignment entry "
                "LEFT JOIN res_users ON res_users.id = entry.user_id "
                "LEFT JOIN res_partner author ON author.id = res_users.partner_id "
                "WHERE entry.partner_id = ANY(%s) AND entry.until IS NULL",
                list(ids),
            )
        )
        for row in rows:
            found.setdefault(row["partner_id"], []).append(row)
        return found

    @api.model
    def _dimension_note(self, dimension, entry):
        """Return in words who or what gave the value of ``entry``, when, and why if that is on record."""
        day = format_date(self.env, fields.Datetime.context_timestamp(self, entry["since"]).date())
        author = entry["author"] or self.env._("somebody who has left")
        name = self.env["partner.dimension.type"]._column_labels()[dimension.column]
        makers = {
            "manual": lambda: self.env._("Chosen by %(author)s on %(day)s", author=author, day=day),
            "import": lambda: self.env._("Imported by %(author)s on %(day)s", author=author, day=day),
            "rule": lambda: self.env._("Given by a rule of “%(dimension)s” on %(day)s", dimension=name, day=day),
            "computed": lambda: self.env._("Computed on %s", day),
        }
        text = makers[entry["source"]]()
        if entry["reason"]:
            return self.env._("%(note)s: %(reason)s", note=text, reason=entry["reason"])
        return text
