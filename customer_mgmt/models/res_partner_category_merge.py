"""Making one tag of several."""

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.sql import table_columns

from ..tools import domain_text

RELATION = "res_partner_res_partner_category_rel"
# Tables with rows of their own kind, which need more than another number.
OWN_TABLES = ("res_partner_category", RELATION, "partner_tag_assignment")


class ResPartnerCategory(models.Model):
    """Moves everything that points to a tag to another one, and keeps the old tag readable in the archive.

    All in SQL, without messages and without touching ``write_date`` of partners; done twice it changes nothing.
    """

    _inherit = "res.partner.category"

    merged_into_id = fields.Many2one(
        "res.partner.category",
        string="Merged into",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
        help="The tag that took over everything this one had.",
    )

    def write(self, vals):
        """A merged tag that is taken out of the archive is a tag of its own again."""
        if not vals.get("active"):
            return super().write(vals)
        merged = self.filtered("merged_into_id")
        result = super().write(vals)
        if merged:
            super(ResPartnerCategory, merged).write({"merged_into_id": False})
            merged._settle_names()
        return result

    @api.model
    def _kept_domains(self):
        """Return [(model, field with the text of a domain, model it is about or field that names it)].

        Addons that keep conditions of their own extend this.
        """
        return [
            ("res.partner.category", "rule_domain", "res.partner"),
            ("partner.dimension.value", "rule_domain", "res.partner"),
            ("customer.adoption", "domain", "res.partner"),
            ("partner.segment", "domain", "res.partner"),
            ("ir.filters", "domain", "model_id"),
        ]

    # -- before ------------------------------------------------------------------------------------------------------

    def _explain_bad_merge(self, target):
        """Return why these tags cannot be merged into ``target`` (str), or None."""
        if target.merged_into_id or not target.active:
            return self.env._("Kept Tag: “%s” is archived. Choose one that is in use.", target.display_name)
        if any(tag.tag_kind != target.tag_kind for tag in self):
            return self.env._(
                "Kept Tag: “%s” and the others are not given in the same way. Those given by hand and by a rule cannot "
                "be merged. Change “Given” of one of them first.",
                target.display_name,
            )
        if any(tag.is_personal and not target.is_personal for tag in self):
            return self.env._(
                "Kept Tag: “%s” is seen by everybody, but one of the others tells a personal fact. Keep that one.",
                target.display_name,
            )
        return None

    def _count_merge(self, target):
        """Return {words: number} of what a merge into ``target`` moves; one query per place that points to tags."""
        self.env.flush_all()
        [(moving, both)] = self.env.execute_query(
            SQL(
                "SELECT count(*) FILTER (WHERE NOT has), count(*) FILTER (WHERE has) FROM (SELECT rel.partner_id, "
                "bool_or(rel.category_id = %s) AS has FROM %s rel WHERE rel.category_id = ANY(%s) "
                "GROUP BY rel.partner_id HAVING bool_or(rel.category_id = ANY(%s))) AS partner",
                target.id,
                SQL.identifier(RELATION),
                [*self.ids, target.id],
                self.ids,
            )
        )
        counts = {
            self.env._("Partners that get the kept tag"): moving,
            self.env._("Partners that have it already"): both,
        }
        children = self.with_context(active_test=False).child_ids - self - target
        counts[self.env._("Tags below that move along")] = len(children)
        others = 0
        for table, column in self._find_references():
            query = SQL(
                "SELECT count(*) FROM %s WHERE %s = ANY(%s)", SQL.identifier(table), SQL.identifier(column), self.ids
            )
            others += self.env.execute_query(query)[0][0]
        counts[self.env._("Other records that point to the tags")] = others
        counts[self.env._("Conditions and filters that name the tags")] = len(self._find_domains(target))
        return counts

    @api.model
    def _find_references(self):
        """Return [(table, column)] of everything else that points to a tag, of any module."""
        rows = self.env["base.partner.merge.automatic.wizard"]._get_fk_on("res_partner_category")
        return [row for row in sorted(rows) if row[0] not in OWN_TABLES and not row[0].startswith("partner_tag_merge")]

    def _find_domains(self, target):
        """Return [(record, field, new text)] of conditions that name one of these tags."""
        ids = dict.fromkeys(self.ids, target.id)
        found = []
        for model, name, about in self._kept_domains():
            if model not in self.env or name not in self.env[model]._fields:
                continue
            # sudo: what names the tag must not depend on who merges
            Model = self.env[model].sudo().with_context(active_test=False)
            for record in Model.search([(name, "not in", (False, "", "[]"))]):
                subject = record[about] if about in record._fields else about
                text = domain_text.replace_ids(record[name], subject, self._name, ids, self._path_leads_to)
                if text != record[name]:
                    found.append((record, name, text))
        return found

    @api.model
    def _path_leads_to(self, model, path):
        """Return to which model (name) ``path`` leads from ``model``, or None; ``id`` leads to the record itself."""
        Model = self.env.get(model)
        for name in path.split("."):
            if Model is None or name not in Model._fields:
                return None
            if name != "id":
                Model = self.env.get(Model._fields[name].comodel_name or "")
        return None if Model is None else Model._name

    # -- doing -------------------------------------------------------------------------------------------------------

    def _merge_into(self, target):
        """Merge these tags into ``target``; return how many partners got it."""
        # sudo: whoever may merge tags (asked by the dialog) need not see all partners, filters and records
        sources = (self - target).sudo()
        if not sources:
            return 0
        if reason := sources._explain_bad_merge(target):
            raise UserError(reason)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM res_partner_category WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
                [*sources.ids, target.id],
            )
        )
        domains = sources._find_domains(target)
        sources._move_history(target)
        moved = sources._move_links(RELATION, "category_id", target)
        for table, column in self._find_references():
            sources._move_links(table, column, target)
        self.env.invalidate_all(flush=False)
        sources._move_children(target.sudo())
        for record, name, text in domains:
            record[name] = text
        sources._archive_into(target)
        return moved

    def _move_history(self, target):
        """Let all entries be the target's; of several open ones of a partner the target's, else the oldest, goes on."""
        ranked = SQL(
            "SELECT id, row_number() OVER (PARTITION BY partner_id ORDER BY category_id = %s DESC, since, id) AS place "
            "FROM partner_tag_assignment WHERE category_id = ANY(%s) AND until IS NULL",
            target.id,
            [*self.ids, target.id],
        )
        self.env.cr.execute(
            SQL(
                "UPDATE partner_tag_assignment entry SET until = %s, reason = %s FROM (%s) AS ranked "
                "WHERE entry.id = ranked.id AND ranked.place > 1",
                fields.Datetime.now(),
                self.env._("Merged into “%s”", target.display_name),
                ranked,
            )
        )
        self.env.cr.execute(
            SQL("UPDATE partner_tag_assignment SET category_id = %s WHERE category_id = ANY(%s)", target.id, self.ids)
        )
        self.env["partner.tag.assignment"].invalidate_model()

    def _move_links(self, table, column, target):
        """Point the rows of ``table`` to ``target``; return how many did."""
        others = [name for name in table_columns(self.env.cr, table) if name != column]
        if len(others) > 1:
            return self._move_rows(table, column, target)
        # The table of a many2many, where what would be there twice is left out.
        link = {"table": SQL.identifier(table), "tag": SQL.identifier(column), "other": SQL.identifier(others[0])}
        self.env.cr.execute(
            SQL(
                "INSERT INTO %(table)s (%(tag)s, %(other)s) SELECT DISTINCT %(target)s, %(other)s FROM %(table)s "
                "WHERE %(tag)s = ANY(%(ids)s) ON CONFLICT DO NOTHING",
                target=target.id,
                ids=self.ids,
                **link,
            )
        )
        moved = self.env.cr.rowcount
        self.env.cr.execute(SQL("DELETE FROM %(table)s WHERE %(tag)s = ANY(%(ids)s)", ids=self.ids, **link))
        return moved

    def _move_rows(self, table, column, target):
        """Point records to ``target``; those that may not stand beside the target's own keep the archived tag."""
        ids = self.env.execute_query(
            SQL("SELECT id FROM %s WHERE %s = ANY(%s)", SQL.identifier(table), SQL.identifier(column), self.ids)
        )
        ids = [row_id for (row_id,) in ids]
        if not ids or self._point_rows(table, column, target, ids):
            return len(ids)
        return sum(self._point_rows(table, column, target, [row_id]) for row_id in ids)

    def _point_rows(self, table, column, target, ids):
        """Point the records ``ids`` to ``target``; return whether the database allows it."""
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET %s = %s WHERE id = ANY(%s)",
                        SQL.identifier(table),
                        SQL.identifier(column),
                        target.id,
                        ids,
                    ),
                    log_exceptions=False,
                )
        except psycopg2.IntegrityError:
            return False
        return True

    def _move_children(self, target):
        """Put the tags below these ones below ``target``, which itself never stands below one of them."""
        # Old tags of the same name may meet; they wait to be merged, too.
        target = target.with_context(tag_names_free=True)
        above = self & target._ancestors()
        if above:
            # The one on top, which has none of the others above it.
            target.parent_id = above.filtered(lambda tag: not tag._ancestors() & self).parent_id
        children = self.with_context(active_test=False).child_ids - self - target
        if children:
            children.with_env(target.env).parent_id = target

    def _ancestors(self):
        """Return all tags above this one."""
        return self.browse(int(tag_id) for tag_id in (self.parent_path or "").split("/") if tag_id) - self

    def _archive_into(self, target):
        """Archive these tags with a link to ``target``; earlier ones that led to them lead there, too."""
        earlier = self.with_context(active_test=False).search([("merged_into_id", "in", self.ids)])
        (self | earlier - target).write({"merged_into_id": target.id})
        self.filtered("active").write({"active": False})
        # Their names are free now for the one that is kept.
        self.env.flush_all()
        self._fill_name_forms(everything=True)
