"""Keeping the history of dimension values while they change."""

from odoo import api, fields, models
from odoo.tools import SQL


class ResPartner(models.Model):
    """Writes down every change of a dimension, on every way it can happen, for any number of partners at once."""

    _inherit = "res.partner"

    dimension_assignment_ids = fields.One2many(
        "partner.dimension.assignment",
        "partner_id",
        string="Dimension Values so Far",
        copy=False,
        groups="base.group_user",
        help="Which value this customer had in each dimension, from when until when, and why. Written by the system.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Begin the history of values that a new partner comes with."""
        partners = super().create(vals_list)
        if dimensions := self._dimensions_in(self._dimensions_given(vals_list)):
            partners._sync_dimension_history(dimensions, self._change_source())
        return partners

    def write(self, vals):
        """Note values that change, and those that begin or end to be a partner's own with its place in a company."""
        moved = vals.keys() & {"parent_id", "is_company", "company_type"}
        dimensions = self._dimensions_of() if moved else self._dimensions_in(vals)
        result = super().write(vals)
        if dimensions:
            reason = self.env._("Place in a company changed") if moved else None
            self._sync_dimension_history(dimensions, self._change_source(), reason, moved=bool(moved))
        return result

    def copy_data(self, default=None):
        """A copy begins with what people have chosen and the user may choose; what rules give they give it again."""
        vals_list = super().copy_data(default=default)
        columns = {dimension.id: dimension.column for dimension in self._dimensions_of()}
        others = self._unchoosable_columns() if self._is_change_by_person() else ()
        # sudo: whoever may copy a customer need not be allowed to read its history
        domain = [("partner_id", "in", self.ids), ("until", "=", False), ("source", "in", ("manual", "import"))]
        chosen = {
            (entry.partner_id.id, columns.get(entry.type_id.id))
            for entry in self.env["partner.dimension.assignment"].sudo().search(domain)
            if entry.value_id.is_selectable
        }
        for partner, vals in zip(self, vals_list, strict=True):
            for column in columns.values():
                if column not in (default or ()) and (column in others or (partner.id, column) not in chosen):
                    vals.pop(column, None)
        return vals_list

    @api.model
    def _dimensions_given(self, vals_list):
        """Return the names (set) of fields that new partners begin with, dimensions by default included."""
        columns = [dimension.column for dimension in self._dimensions_of()]
        defaults = self.default_get(columns) if columns else {}
        return {name for name, value in defaults.items() if value}.union(*vals_list)

    @api.model
    def _change_source(self):
        """Return who is changing values or tags now: a person at the screen, or with a file."""
        return "import" if self.env.context.get("import_file") else "manual"

    def _sync_dimension_history(self, dimensions, source, reason=None, moved=False):
        """Make the open entries of these partners say what their columns say; two statements for any number.

        ``source`` is a value of the field, ``reason`` a text or None; ``moved`` says that some of them may have become
        contact persons. Idempotent: where entry and column agree nothing is written.
        """
        # sudo: whoever may change a partner need not be allowed to read all of it
        own = self.sudo().filtered(
            lambda partner: (
                partner.commercial_partner_id == partner or any(d.applies_to == "contact" for d in dimensions)
            )
        )
        if moved:
            # Who has just become a contact person has entries to lose.
            own |= (self - own)._filter_with_dimension_entries()
        if own:
            self._record_dimensions(own.ids, dimensions, source, reason)
            self.invalidate_recordset(["dimension_assignment_ids"])

    @api.model
    def _record_dimensions(self, ids, dimensions, source, reason=None):
        """End the open entries of the partners ``ids`` that their columns do not confirm, and open what is missing."""
        self.env.flush_all()
        current = self._dimension_state_query(ids, dimensions)
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                "UPDATE partner_dimension_assignment a SET until = %s FROM (%s) AS now "
                "WHERE a.partner_id = now.partner_id AND a.type_id = now.type_id AND a.until IS NULL "
                "AND a.value_id IS DISTINCT FROM now.value_id",
                now,
                current,
            )
        )
        self._open_dimension_history(current, source, reason, now)
        self.env["partner.dimension.assignment"].invalidate_model()

    @api.model
    def _resume_dimension(self, dimension):
        """Make good what nobody kept while ``dimension`` was archived: contacts, and what has become of the values."""
        self.env.flush_all()
        column = SQL.identifier(dimension.column)
        if dimension.applies_to == "customer":
            self._copy_dimensions([dimension], SQL("TRUE"))
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM res_partner WHERE %s IS NOT NULL UNION "
                "SELECT partner_id FROM partner_dimension_assignment WHERE type_id = %s AND until IS NULL",
                column,
                dimension.id,
            )
        )
        ids = [partner_id for (partner_id,) in rows]
        # What a rule could have given must not stay for good as if somebody had chosen it.
        source = "rule" if dimension.evaluated else "manual"
        self._record_dimensions(ids, [dimension], source, self.env._("Changed while the dimension was archived"))
        self.env.invalidate_all(flush=False)

    def _filter_with_dimension_entries(self):
        """Return those of these partners that have an open entry; no query for none."""
        # sudo: as above
        Assignment = self.env["partner.dimension.assignment"].sudo()
        domain = [("partner_id", "in", self.ids), ("until", "=", False)]
        return self and Assignment.search(domain).partner_id

    @api.model
    def _open_dimension_history(self, current, source, reason, now):
        """Open an entry for every value in ``current`` (SQL: partner_id, type_id, value_id) that has none."""
        # Who begins twice at the same time is tried again by Odoo, not refused: ON CONFLICT sees to it.
        self.env.cr.execute(
            SQL(
                "INSERT INTO partner_dimension_assignment "
                "(partner_id, type_id, value_id, value_name, source, since, user_id, reason) "
                "SELECT now.partner_id, now.type_id, now.value_id, %s, %s, %s, %s, %s FROM (%s) AS now "
                "JOIN partner_dimension_value value ON value.id = now.value_id "
                "WHERE NOT EXISTS (SELECT FROM partner_dimension_assignment a "
                "WHERE a.partner_id = now.partner_id AND a.type_id = now.type_id AND a.until IS NULL) "
                "ON CONFLICT (partner_id, type_id) WHERE until IS NULL DO NOTHING",
                self._dimension_value_name_sql("value"),
                source,
                now,
                self.env.uid,
                reason,
                current,
            )
        )

    @api.model
    def _dimension_value_name_sql(self, alias):
        """Return SQL for the name of the value in the user's language, else in English."""
        name = SQL.identifier(alias, "name")
        return SQL("COALESCE(%s->>%s, %s->>'en_US')", name, self.env.lang or "en_US", name)

    @api.model
    def _dimension_state_query(self, ids, dimensions):
        """Return SQL giving (partner_id, type_id, value_id) of what the columns of ``ids`` say now; NULL for none.

        The value of a contact person is its company's, and no entry of its own.
        """
        own = SQL("partner.commercial_partner_id = partner.id")
        rows = SQL(", ").join(
            SQL(
                "(%s, %s)",
                dimension.id,
                column if dimension.applies_to == "contact" else SQL("CASE WHEN %s THEN %s END", own, column),
            )
            for dimension in dimensions
            for column in [SQL.identifier("partner", dimension.column)]
        )
        return SQL(
            "SELECT partner.id AS partner_id, held.type_id, held.value_id FROM res_partner partner "
            "CROSS JOIN LATERAL (VALUES %s) AS held (type_id, value_id) WHERE partner.id = ANY(%s)",
            rows,
            list(ids),
        )

    # -- many at once ------------------------------------------------------------------------------------------------

    @api.model
    def _apply_dimension(self, dimension, wanted, source, reasons):
        """Give values to partners by SQL, with their contact persons and their history; return the ids that changed.

        ``wanted`` is SQL giving (partner_id, value_id) of entities (of contact persons, where the dimension is theirs),
        at most once each; a value of NULL takes the value away. ``source`` is a value of the history's field,
        ``reasons`` {value id or None: text}. Only rows whose value differs are touched; those that somebody else is
        changing are left alone. No message is written and ``write_date`` stays: the history is the record.

        Nothing is checked here: callers pass partners that may be changed, and values of the dimension. Lost races
        raise psycopg2's errors, unlogged.
        """
        self.env.flush_all()
        column = SQL.identifier(dimension.column)
        self.env.cr.execute(
            SQL(
                "SELECT partner.id, wanted.value_id FROM res_partner partner "
                "JOIN (%s) AS wanted ON wanted.partner_id = partner.id "
                "WHERE partner.%s IS DISTINCT FROM wanted.value_id FOR NO KEY UPDATE OF partner SKIP LOCKED",
                wanted,
                column,
            ),
            log_exceptions=False,
        )
        rows = self.env.cr.fetchall()
        if not rows:
            return []
        ids, value_ids = map(list, zip(*rows, strict=True))
        given = SQL("unnest(%s::integer[], %s::integer[]) AS given (partner_id, value_id)", ids, value_ids)
        with_contacts = dimension.applies_to == "customer"
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET %s = given.value_id FROM %s WHERE res_partner.%s = given.partner_id",
                column,
                given,
                SQL.identifier("commercial_partner_id" if with_contacts else "id"),
            ),
            log_exceptions=False,
        )
        self._replace_dimension_history(dimension, ids, given, source, reasons)
        self.env.invalidate_all(flush=False)
        return ids

    @api.model
    def _replace_dimension_history(self, dimension, ids, given, source, reasons):
        """End the open entries of ``ids`` and open those that ``given`` (SQL: partner_id, value_id) names."""
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                "UPDATE partner_dimension_assignment SET until = %s "
                "WHERE partner_id = ANY(%s) AND type_id = %s AND until IS NULL",
                now,
                ids,
                dimension.id,
            ),
            log_exceptions=False,
        )
        told = [(value_id, reason) for value_id, reason in reasons.items() if value_id]
        self.env.cr.execute(
            SQL(
                "INSERT INTO partner_dimension_assignment "
                "(partner_id, type_id, value_id, value_name, source, since, user_id, reason) "
                "SELECT given.partner_id, %s, given.value_id, %s, %s, %s, %s, told.reason FROM %s "
                "JOIN partner_dimension_value value ON value.id = given.value_id "
                "LEFT JOIN unnest(%s::integer[], %s::varchar[]) AS told (value_id, reason) "
                "ON told.value_id = given.value_id",
                dimension.id,
                self._dimension_value_name_sql("value"),
                source,
                now,
                self.env.uid,
                given,
                [value_id for value_id, _reason in told],
                [reason for _value_id, reason in told],
            ),
            log_exceptions=False,
        )
