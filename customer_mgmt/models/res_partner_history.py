"""What hangs on a partner: the documents that make its history, and everything else that points at it."""

from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

# Models whose rows say nothing about the business with a partner: mail's and the system's own machinery, what a partner
# is in the system (a user, a company), and links among partners.
TECHNICAL_PREFIXES = ("base.", "bus.", "discuss.", "ir.", "mail.", "portal.", "privacy.", "res.users")
TECHNICAL_MODELS = (
    "res.company",
    "res.partner",
    "partner.dimension.assignment",
    "partner.merge.log",
    "partner.ownership",
)

# Models that point at any record, with the column that names its model: what Odoo's merge moves besides many2one.
REFERENCES = {
    "ir.attachment": "res_model",
    "ir.model.data": "model",
    "mail.activity": "res_model",
    "mail.followers": "res_model",
    "mail.message": "model",
}


class PartnerLink(NamedTuple):
    """One way in which rows of a model point at a partner."""

    model: str
    kind: str  # "document": a record of its own; "part": goes with the partner; "other": neither of them
    condition: SQL  # joins the row "record" to the partner "family.member"


class ResPartner(models.Model):
    """Counts what hangs on partners, for whoever is about to delete or to merge them."""

    _inherit = "res.partner"

    @api.model
    def _partner_links(self):
        """Return every PartnerLink of the installed models: the one walk that deleting and merging share."""
        links = []
        for name, model in self.env.registry.items():
            if model._abstract or model._transient or not model._auto:
                continue
            for field in model._fields.values():
                if condition := self._partner_link_condition(field):
                    links.append(PartnerLink(name, self._partner_link_kind(field), condition))
        for name, column in REFERENCES.items():
            condition = SQL("record.res_id = family.member AND record.%s = 'res.partner'", SQL.identifier(column))
            links.append(PartnerLink(name, "other", SQL("%s%s", condition, self._reference_filter(name))))
        return links

    @api.model
    def _partner_link_condition(self, field):
        """Return the SQL that joins a row to a partner through ``field``, or None where it points at no partner."""
        if not field.store:
            return None
        column = SQL.identifier("record", field.name)
        if field.type == "reference" and not field.compute:
            return SQL("%s = 'res.partner,' || family.member", column)
        if field.type != "many2one" or field.comodel_name != "res.partner":
            return None
        if field.company_dependent:
            return SQL("EXISTS (SELECT FROM jsonb_each_text(%s) WHERE value::int = family.member)", column)
        return SQL("%s = family.member", column)

    @api.model
    def _reference_filter(self, model):
        """Return what else holds for the rows that Odoo moves: it leaves the images of fields and old activities."""
        conditions = {"ir.attachment": SQL(" AND record.res_field IS NULL"), "mail.activity": SQL(" AND record.active")}
        return conditions.get(model, SQL())

    @api.model
    def _partner_link_kind(self, field):
        """Tell a document of its own from a part of the partner; a repeated fact (related) counts as neither."""
        name = field.model_name
        if name.startswith(TECHNICAL_PREFIXES) or name in TECHNICAL_MODELS or field.related:
            return "other"
        if field.type == "many2one" and field.ondelete == "cascade":
            return "part"
        if field.name == "partner_id" and field.type == "many2one" and field.ondelete == "restrict":
            return "document"
        return "other" if name in self.env.registry["partner.part.mixin"]._inherit_children else "document"

    @api.model
    def _count_partner_links(self, links, family):
        """Return {model: {owner id: number of rows}} in one query for all ``links``.

        ``family`` (SQL) selects (member, owner): rows that point at the member count for the owner, each row once.
        """
        if not links:
            return {}
        self.env.flush_all()
        rows = [
            SQL(
                "SELECT %s AS model, family.owner, record.id FROM family JOIN %s record ON %s",
                link.model,
                SQL.identifier(self.env[link.model]._table),
                link.condition,
            )
            for link in links
        ]
        counts = {}
        for model, owner, count in self.env.execute_query(
            SQL(
                "WITH family AS (%s) "
                "SELECT model, owner, count(DISTINCT id) FROM (%s) AS links GROUP BY model, owner ORDER BY model",
                family,
                SQL(" UNION ALL ").join(rows),
            )
        ):
            counts.setdefault(model, {})[owner] = count
        return counts

    def _count_family_links(self, kind):
        """Return {label: {partner id: rows}} for the links of one kind, those of contacts also for their company."""
        if not self.ids:
            return {}
        links = [link for link in self._partner_links() if link.kind == kind]
        family = SQL(
            "SELECT id AS member, commercial_partner_id AS owner FROM res_partner "
            "WHERE commercial_partner_id IN %(ids)s "
            "UNION SELECT id, id FROM res_partner WHERE id IN %(ids)s",
            ids=tuple(self.ids),
        )
        counts = self._count_partner_links(links, family)
        labels = self._model_labels(counts)
        labelled = {}
        for model, by_partner in counts.items():
            total = labelled.setdefault(labels[model], {})
            for partner_id, count in by_partner.items():
                total[partner_id] = total.get(partner_id, 0) + count
        return labelled

    @api.model
    def _model_labels(self, models):
        """Return {model: its name in the user's language} in one query."""
        # sudo: everyone may know what a kind of document is called
        names = {row.model: row.name for row in self.env["ir.model"].sudo().search([("model", "in", list(models))])}
        return {model: names.get(model, model) for model in models}

    def _partner_history_counts(self):
        """Return {label: {partner id: n}}: the documents of these partners, a company's with those of its contacts.

        A document is a record that points at a partner and does not go with it when it is deleted (ondelete is not
        "cascade"). Documents of companies and people that the user may not see count too: that there is a history is
        no secret to whoever wants to delete it, and nothing but the numbers leaves this method.
        """
        return self._count_family_links("document")

    def _partner_part_counts(self):
        """Return {label: {partner id: n}}: what is deleted together with these partners."""
        return self._count_family_links("part")

    @api.model
    def _partner_self_links(self):
        """Return the names of the fields in which a person links one partner to another: what Odoo computes is none."""
        return [
            name
            for name, field in self._fields.items()
            if field.store and field.type == "many2one" and field.comodel_name == "res.partner" and not field.compute
        ]

    @api.model
    def _count_merge_links(self, sources):
        """Return {model: n}: the rows of every model that point at ``sources`` and that Odoo's merge moves from them.

        Links that Odoo computes among partners, and those of the sources to each other, say nothing and are left out.
        So is the history of dimensions, which stays where it is.
        """
        unmoved = ("res.partner", "partner.dimension.assignment")
        links = [link for link in self._partner_links() if link.model not in unmoved]
        others = SQL("record.id NOT IN %s", tuple(sources.ids))
        for name in self._partner_self_links():
            condition = SQL("%s = family.member AND %s", SQL.identifier("record", name), others)
            links.append(PartnerLink("res.partner", "other", condition))
        family = SQL("SELECT id AS member, 0 AS owner FROM res_partner WHERE id IN %s", tuple(sources.ids))
        return {model: owners[0] for model, owners in self._count_partner_links(links, family).items()}

    def _count_contacts(self):
        """Return how many contact persons and addresses these customers have in all."""
        # sudo: only the number leaves
        domain = Domain("commercial_partner_id", "in", self.ids) & Domain("id", "not in", self.ids)
        return self.sudo().with_context(active_test=False).search_count(domain)

    @api.model
    def _describe_counts(self, counts):
        """Return “label: number” for {label: {partner id: n}}, in one line."""
        return ", ".join(f"{label}: {sum(by_partner.values())}" for label, by_partner in counts.items())
