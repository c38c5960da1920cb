"""The columns that dimension types have on partners and on what is analysed by partner."""

from functools import partial

import psycopg2

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL
from odoo.tools.sql import table_columns

from ..tools.dimension import COLUMN_PREFIX, COLUMN_SUFFIX, is_column_name, mentions_column

# While the table of partners is changed everyone waits who reads it, so it must be had at once or not at all.
LOCK_TIMEOUT = "2s"


def mend_registry(registry, targets):
    """Read the models of ``registry`` anew if the columns it knows on ``targets`` (names) are not those stored."""
    with registry.cursor() as cr:
        forget_phantoms(registry, targets, cr)


def forget_phantoms(registry, targets, cr):
    """Do the same as the transaction of ``cr`` sees it."""
    pattern = f"{COLUMN_PREFIX}%{COLUMN_SUFFIX}".replace("_", r"\_")
    cr.execute(
        SQL(
            "SELECT model, name FROM ir_model_fields WHERE state = 'manual' AND name LIKE %s AND model = ANY(%s)",
            pattern,
            targets,
        )
    )
    stored = {(model, name) for model, name in cr.fetchall() if model in registry}
    known = {
        (model, name)
        for model in targets
        if model in registry
        for name, field in registry[model]._fields.items()
        if field.manual and is_column_name(name)
    }
    if stored != known:
        registry._setup_models__(cr)


class PartnerDimensionType(models.Model):
    """Makes, renames and removes the columns: Odoo's own custom fields, so that everything in Odoo knows them."""

    _inherit = "partner.dimension.type"

    @api.model
    def _dimension_targets(self):
        """Return {model: path to the partner} of everything that is analysed by dimensions.

        An empty path is the partner itself, which has the real column. Any other path makes a field that follows it.
        None is for models that bring the column themselves, such as a report on a query of its own. An addon extends
        this, calls ``_create_columns()`` on all types after its installation and ``_drop_target_columns()`` before it
        goes.
        """
        return {
            "res.partner": "",
            "partner.dimension.as.of": None,
            "partner.preference": "partner_id",
            "partner.follow.up": "partner_id",
            "partner.follow.up.report": "partner_id",
        }

    def _create_columns(self):
        """Make whichever columns of these types are missing; any number at once cost hardly more than one."""
        if not self:
            return
        # sudo: whoever may define dimensions need not be allowed to make custom fields
        Field = self.env["ir.model.fields"].sudo().with_context(update_custom_fields=True)
        targets = {model: path for model, path in self._dimension_targets().items() if model in self.env}
        # Asked of the database: after a rollback the registry may believe in columns that are not there.
        existing = set(self._find_columns().mapped(lambda field: (field.model, field.name)))
        vals_list = [
            dimension_type._column_vals(model, path)
            for model, path in targets.items()
            for dimension_type in self
            if (model, dimension_type.column) not in existing
        ]
        if vals_list:
            self._watch_registry()
            self._lock_partners()
            # A row of a file that was refused has left fields behind that follow columns which are not there any more.
            forget_phantoms(self.env.registry, list(targets), self.env.cr)
        # Real columns first, the others follow them.
        for real in (True, False):
            Field.create([vals for vals in vals_list if bool(vals.get("related")) != real])
        self._check_columns_made()

    def _check_columns_made(self):
        """Begin anew if the partners' columns are not there after all.

        A request of another thread that fails makes Odoo read the models anew as they were committed; between the
        field and its column that would leave a field without one, for good.
        """
        there = table_columns(self.env.cr, "res_partner")
        if not set(self.mapped("column")) <= there.keys():
            raise ConcurrencyError(f"The models were read anew while columns of {self} were made.")

    @api.model
    def load(self, fields, data):
        """Wait for no one in the middle of a file: an error there would be told as one of a row."""
        self._take_turn()
        return super().load(fields, data)

    def _column_vals(self, model, path):
        """Return the values of the custom field for this type on ``model``."""
        vals = {
            "name": self.column,
            "field_description": self._column_label(model),
            "help": self.description or False,
            "state": "manual",
            "ttype": "many2one",
            "model_id": self.env["ir.model"]._get_id(model),
            "relation": "partner.dimension.value",
            "domain": f"[('type_id', '=', {self.id}), ('is_selectable', '=', True)]",
        }
        if path:
            return {**vals, "related": f"{path}.{self.column}", "store": False, "readonly": True, "copied": False}
        return {
            **vals,
            "on_delete": "restrict" if path == "" else "set null",
            "index": path == "",
            "copied": path == "",
        }

    def _column_label(self, model):
        """Return the name of this type, told apart from a field of ``model`` that has the same label."""
        name = self.name
        taken = {field.string for column, field in self.env[model]._fields.items() if column != self.column}
        return self.env._("%s (dimension)", name) if name in taken else name

    def _find_columns(self):
        """Return the custom fields of these types on all models."""
        # sudo: as above. Whoever looks at archived types does not mean that archived views keep a column from going.
        Field = self.env["ir.model.fields"].sudo().with_context(active_test=True)
        return Field.search(
            [
                ("name", "in", self.mapped("column")),
                ("state", "=", "manual"),
                ("relation", "=", "partner.dimension.value"),
                ("model", "in", list(self._dimension_targets())),
            ]
        )

    def _rename_columns(self):
        """Let the custom fields be called as the types, in the user's language."""
        for dimension_type in self:
            for field in dimension_type._find_columns():
                field.field_description = dimension_type._column_label(field.model)

    def _drop_columns(self):
        """Remove the columns of these types with what is in them, those that follow others first."""
        columns = self._find_columns()
        if columns:
            self._watch_registry()
            self._lock_partners()
            columns.filtered("related").unlink()
            columns.exists().unlink()

    @api.model
    def _drop_target_columns(self, models):
        """Remove the columns of all types from ``models`` (list of names), which an addon takes along when it goes."""
        types = self.with_context(active_test=False).search(Domain.TRUE)
        types._find_columns().filtered(lambda field: field.model in models).unlink()

    @api.model
    def _lock_partners(self):
        """Have the tables for ourselves within two seconds, or raise UserError and let everyone go on working.

        An installation, an update or an uninstallation waits as long as it must: Odoo's own changes do so, too.
        """
        if not self.env.registry.ready:
            return
        self._take_turn()
        self.env.flush_all()
        cr = self.env.cr
        [(before,)] = self.env.execute_query(SQL("SELECT current_setting('lock_timeout')"))
        cr.execute(SQL("SELECT set_config('lock_timeout', %s, true)", LOCK_TIMEOUT))
        try:
            # Both at once, and first: what follows waits for nobody.
            cr.execute(
                SQL("LOCK TABLE res_partner, partner_dimension_value IN ACCESS EXCLUSIVE MODE"), log_exceptions=False
            )
        except (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, psycopg2.errors.QueryCanceled) as error:
            raise UserError(
                self.env._(
                    "The customers are in use by others just now, so that no column can be added or removed. Nothing "
                    "was changed. Try again in a moment; when many people work at once, in a quiet hour."
                )
            ) from error
        cr.execute(SQL("SELECT set_config('lock_timeout', %s, true)", before))

    @api.model
    def _take_turn(self):
        """Be the only one who changes columns, and know of all changes so far; otherwise Odoo repeats the request.

        Whoever began before somebody else's change was committed does not see the new columns, and would make or miss
        them.
        """
        # A row that every change writes tells: it is locked meanwhile, and newer than what the latecomer knows.
        cr = self.env.cr
        cr.execute(
            SQL("SELECT FROM ir_model WHERE model = %s FOR NO KEY UPDATE NOWAIT", self._name), log_exceptions=False
        )
        cr.execute(SQL("UPDATE ir_model SET model = model WHERE model = %s", self._name), log_exceptions=False)

    @api.model
    def _watch_registry(self):
        """See to it that this process knows, once this is committed, exactly the columns that there are.

        Another thread may have read the models without what this one had not committed yet, and part of a transaction
        may be rolled back alone (an import); Odoo would never notice either.
        """
        postcommit = self.env.cr.postcommit
        if self.env.registry.ready and not postcommit.data.get("customer_mgmt.dimension_columns"):
            postcommit.data["customer_mgmt.dimension_columns"] = True
            postcommit.add(partial(mend_registry, self.env.registry, list(self._dimension_targets())))

    # -- what would break without a column ---------------------------------------------------------------------------

    def _mentioning(self, model, *names):
        """Return the records of ``model`` whose fields ``names`` mention a column of these types."""
        if model not in self.env:
            return self.env["ir.filters"]
        # sudo: everyone's, whoever deletes
        Model = self.env[model].sudo().with_context(active_test=False, lang=None)
        found = Model.browse()
        for column in self.mapped("column"):
            domain = ["|"] * (len(names) - 1) + [(name, "like", column.replace("_", r"\_")) for name in names]
            found |= Model.search(domain).filtered(
                lambda record, column=column: any(mentions_column(str(record[name] or ""), column) for name in names)
            )
        return found

    def _mentioning_filters(self):
        """Return the favourites that would blank the screen once the columns are gone."""
        return self._mentioning("ir.filters", "domain", "context", "sort")

    def _mentioning_segments(self):
        """Return the segments that cannot be used without the columns; they stay, and say themselves what they miss."""
        return self._mentioning("partner.segment", "domain")

    def _mentioning_tags(self):
        """Return the tags whose rule gives them to nobody any more without the columns; they stay, too."""
        return self._mentioning("res.partner.category", "rule_domain")

    def _mentioning_others(self):
        """Return (label, records) of everything else that needs the columns and that only a person can change."""
        dashboards = self.env["ir.filters"]
        if "spreadsheet.dashboard" in self.env:
            Dashboard = self.env["spreadsheet.dashboard"].sudo().with_context(active_test=False)
            dashboards = Dashboard.search(Domain.TRUE).filtered(
                lambda dashboard: any(
                    mentions_column(dashboard.spreadsheet_data or "", column) for column in self.mapped("column")
                )
            )
        conditions = self._mentioning("partner.dimension.value", "rule_domain")
        return [
            (self.env._("views"), self._mentioning("ir.ui.view", "arch_db")),
            (self.env._("dashboards"), dashboards),
            (self.env._("personal dashboards"), self._mentioning("ir.ui.view.custom", "arch")),
            (self.env._("actions"), self._mentioning("ir.actions.act_window", "domain", "context")),
            (self.env._("embedded actions"), self._mentioning("ir.embedded.actions", "domain", "context")),
            (self.env._("server actions"), self._mentioning("ir.actions.server", "code", "update_path", "value")),
            (self.env._("automations"), self._mentioning("base.automation", "filter_domain", "filter_pre_domain")),
            (self.env._("access rules"), self._mentioning("ir.rule", "domain_force")),
            (self.env._("conditions of values"), conditions.filtered(lambda value: value.type_id not in self)),
            (self.env._("export lists"), self._mentioning("ir.exports.line", "name").export_id),
        ]

    def _refuse_shown_elsewhere(self):
        """Refuse to remove a column that a view, a dashboard, an action or a rule of somebody's needs, naming these."""
        for label, records in self._mentioning_others():
            if records:
                raise UserError(
                    self.env._(
                        "Dimension Type: “%(type)s” cannot be deleted, it is used in %(label)s: %(names)s. Remove it "
                        "there first, or archive the type.",
                        type=", ".join(self.mapped("name")),
                        label=label,
                        names=", ".join(records.mapped("display_name")),
                    )
                )

    def _purge_filters(self):
        self._mentioning_filters().unlink()
