"""The journal of merges."""

from odoo import api, fields, models


class PartnerMergeLog(models.Model):
    """Says for good who merged what into whom, and how much was moved; written by the system only."""

    _name = "partner.merge.log"
    _description = "Merge Journal"
    _order = "merged_on DESC, id DESC"
    _rec_name = "survivor_name"

    survivor_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        help="The partner that has it all now. If it was merged itself since, this leads to the new one.",
    )
    survivor_name = fields.Char(
        string="Merged into", readonly=True, help="The name, number and id of the survivor at that time."
    )
    sources = fields.Text(
        readonly=True, help="The name, number and id of every partner that was merged, as they were before."
    )
    merged_on = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one("res.users", string="Merged by", ondelete="set null", readonly=True)
    company_id = fields.Many2one("res.company", index="btree_not_null", ondelete="cascade", readonly=True)
    line_ids = fields.One2many("partner.merge.log.line", "log_id", string="Moved Records", readonly=True)
    record_count = fields.Integer(
        string="Records", compute="_compute_record_count", help="Records of the sources in all, over all models."
    )

    @api.depends("line_ids.record_count")
    def _compute_record_count(self):
        """Add up in one query for all rows of a page."""
        groups = self.env["partner.merge.log.line"]._read_group(
            [("log_id", "in", self.ids)], ["log_id"], ["record_count:sum"]
        )
        totals = {log.id: total for log, total in groups}
        for log in self:
            log.record_count = totals.get(log.id, 0)

    @api.model
    def _record_merge(self, sources, survivor):
        """Write down what is about to move from ``sources`` to ``survivor``."""
        counts = self.env["res.partner"]._count_merge_links(sources)
        # sudo: nobody may write into the journal by hand
        return self.sudo().create(
            {
                "survivor_id": survivor.id,
                "survivor_name": self._identify(survivor),
                "sources": "\n".join(map(self._identify, sources)),
                "user_id": self.env.uid,
                "company_id": survivor.sudo().company_id.id,
                "line_ids": [
                    fields.Command.create({"model": model, "record_count": count}) for model, count in counts.items()
                ],
            }
        )

    @api.model
    def _identify(self, partner):
        """Return name, number and id of a partner; the names alone would not tell doubles apart."""
        partner = partner.sudo()
        parts = [partner.display_name, partner.customer_number, f"ID {partner.id}"]
        return " · ".join(part for part in parts if part)


class PartnerMergeLogLine(models.Model):
    """How many records of one model a merge moved."""

    _name = "partner.merge.log.line"
    _description = "Merge Journal Line"
    _order = "log_id, record_count DESC, id"
    _rec_name = "model"

    log_id = fields.Many2one("partner.merge.log", required=True, index=True, ondelete="cascade", readonly=True)
    model = fields.Char(required=True, readonly=True)
    model_label = fields.Char(
        string="Kind of Record",
        compute="_compute_model_label",
        help="What the model is called in your language; its technical name where the app is gone.",
    )
    record_count = fields.Integer(
        string="Records", readonly=True, help="Records of this kind that pointed at the sources before the merge."
    )

    @api.depends("model")
    @api.depends_context("lang")
    def _compute_model_label(self):
        """Name the models in one query."""
        labels = self.env["res.partner"]._model_labels(self.mapped("model"))
        for line in self:
            line.model_label = labels[line.model]
