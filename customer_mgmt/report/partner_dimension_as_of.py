"""What held on a day of the past: the customers of then, with their owner and their dimension values of then."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.dimension import is_column_name

# What a row depends on besides its customer: the day asked for, and the time zone in which that day ends.
MOMENT = ("dimension_as_of", "company")
# What has no history of its own, and is shown as it is today.
PARTNER_COLUMNS = ("customer_category_id", "customer_status", "country_id", "team_id", "company_id", "create_date")


class PartnerDimensionAsOf(models.Model):
    """One row per customer that was managed at the end of a day, read from the histories of owners and dimensions.

    The day is the text ``dimension_as_of`` of the context, today without it; it ends in the company's time zone. The id
    of a row is the customer's. What has no history is shown as it is today, and says so in its label. Whoever sees a
    customer today sees its row (partner.part.mixin).
    """

    _name = "partner.dimension.as.of"
    _inherit = ["partner.part.mixin", "partner.dimension.mixin"]
    _description = "Dimensions as of a Day"
    _auto = False
    _rec_name = "partner_id"
    _order = "partner_id"
    _depends = {
        "partner.ownership": ["partner_id", "user_id", "since", "until", "cause"],
        "partner.dimension.assignment": ["partner_id", "type_id", "value_id", "since", "until"],
        "res.partner": PARTNER_COLUMNS,
    }
    _dimension_column_context = MOMENT

    partner_id = fields.Many2one(string="Customer", readonly=True, context={"active_test": False})
    as_of = fields.Date(
        string="As of",
        readonly=True,
        depends_context=MOMENT,
        help="The day whose end, in the company's time zone, all rows show.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner Then",
        readonly=True,
        depends_context=MOMENT,
        help="Who owned the customer at the end of that day.",
    )
    customer_category_id = fields.Many2one(
        "customer.category", string="Category Today", readonly=True, help="The category has no history: as it is today."
    )
    customer_status = fields.Selection(
        [("prospect", "Prospect"), ("active", "Active"), ("invalid", "Invalid")],
        string="Status Today",
        readonly=True,
        help="As it is today. Empty: no customer any more.",
    )
    country_id = fields.Many2one(
        "res.country", string="Country Today", readonly=True, help="As it is today; the region of then is a dimension."
    )
    team_id = fields.Many2one("crm.team", string="Sales Team Today", readonly=True, help="As it is today.")
    company_id = fields.Many2one("res.company", string="Company Today", readonly=True, help="As it is today.")
    create_date = fields.Datetime(string="Created on", readonly=True, help="When the customer was entered.")

    @api.model
    def _today(self):
        """Return the day (date) that it is in the company's time zone."""
        # sudo: the company's own partner need not be readable
        return fields.Date.context_today(self.with_context(tz=self.env.company.sudo().partner_id.tz or "UTC"))

    @api.model
    def _as_of_day(self):
        """Return the day (date) that the context asks for, today if it asks for none."""
        day = self.env.context.get("dimension_as_of")
        try:
            return fields.Date.to_date(day) or self._today()
        except (TypeError, ValueError) as error:
            raise UserError(
                self.env._("As of: “%s” is no day. Write it as year-month-day, such as 2026-01-31.", day)
            ) from error

    @api.model
    def _as_of_end(self):
        """Return the moment (datetime in UTC, without zone) at which the day is over."""
        # sudo: as above
        zone = ZoneInfo(self.env.company.sudo().partner_id.tz or "UTC")
        midnight = datetime.combine(self._as_of_day() + timedelta(days=1), time.min, tzinfo=zone)
        return midnight.astimezone(UTC).replace(tzinfo=None)

    @property
    def _table_query(self):
        """Return SQL giving the rows of the day; the database leaves out the dimensions that nobody asks for."""
        end = self._as_of_end()
        columns = [SQL("owned.partner_id AS id, owned.partner_id, owned.user_id, %s::date AS as_of", self._as_of_day())]
        columns += [SQL.identifier("partner", name) for name in PARTNER_COLUMNS]
        held, joins = self._held_sql(end)
        return SQL(
            "SELECT %s FROM (%s) AS owned JOIN res_partner partner ON partner.id = owned.partner_id %s",
            SQL(", ").join(columns + held),
            self._owned_query(end),
            SQL(" ").join(joins),
        )

    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        """Find the rows first and then read them, each in the way that is fast for it (``_held_sql``)."""
        rows = super().search_fetch(domain, [], offset=offset, limit=limit, order=order)
        if field_names is None or field_names:
            rows.fetch(field_names)
        return rows

    def fetch(self, field_names=None):
        """Look up the values of these rows only."""
        return super(PartnerDimensionAsOf, self.with_context(dimension_as_of_few=True)).fetch(field_names)

    @api.model
    @tools.ormcache(cache="stable")
    def _type_ids(self):
        """Return {column: id of its type}, archived types included; kept between requests."""
        # sudo: a column is there for everyone
        types = self.env["partner.dimension.type"].sudo().with_context(active_test=False).search(Domain.TRUE)
        return {dimension_type.column: dimension_type.id for dimension_type in types}

    @api.model
    def _dimension_columns(self):
        """Return {column: id of its type} of the columns this model has, those of archived types too."""
        type_ids = self._type_ids()
        return {name: type_ids.get(name) for name in self._fields if is_column_name(name)}

    @api.model
    def _owned_query(self, end):
        """Return SQL giving (partner_id, user_id) of who was a customer at ``end``, once each.

        A customer merged into another one has left its past there; the survivor's own comes first.
        """
        return SQL(
            "SELECT DISTINCT ON (partner_id) partner_id, user_id FROM partner_ownership "
            "WHERE since < %s AND (until IS NULL OR until >= %s) "
            "ORDER BY partner_id, cause = 'merged', since DESC, id DESC",
            end,
            end,
        )

    @api.model
    def _held_sql(self, end):
        """Return SQL for one column per type with the value held at ``end``, and the joins for them (two lists).

        Over all customers the history of a type is read once; for the rows of a page only theirs is.
        """
        columns, joins = [], []
        for column, type_id in self._dimension_columns().items():
            name = SQL.identifier(column)
            source = SQL(
                "FROM partner_dimension_assignment "
                "WHERE type_id = %s AND since < %s AND (until IS NULL OR until >= %s)",
                type_id,
                end,
                end,
            )
            if self.env.context.get("dimension_as_of_few"):
                columns.append(SQL("(SELECT max(value_id) %s AND partner_id = owned.partner_id) AS %s", source, name))
                continue
            columns.append(SQL("%s AS %s", SQL.identifier(column, "value_id"), name))
            # One row per customer by its very form: that is how the database sees that it may leave a join out.
            joins.append(
                SQL(
                    "LEFT JOIN (SELECT partner_id, max(value_id) AS value_id %s GROUP BY partner_id) AS %s "
                    "ON %s = owned.partner_id",
                    source,
                    name,
                    SQL.identifier(column, "partner_id"),
                )
            )
        return columns, joins

    @api.model
    def _dimensions_shown(self, group):
        """Leave out the dimensions of contact persons: the rows are customers."""
        return [dimension for dimension in super()._dimensions_shown(group) if dimension.applies_to != "contact"]

    def action_open_customer(self):
        """Open the customer as it is today."""
        self.ensure_one()
        return self.partner_id.action_open_customer_form()
