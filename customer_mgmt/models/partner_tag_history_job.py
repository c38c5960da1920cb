"""What is done every night about tags: what nobody wrote down, and what has had its time."""

from odoo import api, fields, models
from odoo.tools import SQL

# Rows per transaction: a second's work at most.
BATCH_SIZE = 20_000


class PartnerTagAssignment(models.Model):
    """Takes away what has expired, and makes the history agree with the tags.

    Every statement writes only what is not right yet, a batch per transaction, and leaves alone what others are
    changing: after any interruption the next call goes on.
    """

    _inherit = "partner.tag.assignment"

    @api.model
    def _trigger_night_job(self):
        """Have the night's work done soon: after the installation, for the tags that there are."""
        # sudo: the job is the system's
        self.env.ref("customer_mgmt.ir_cron_tag_history").sudo()._trigger()

    @api.model
    def _cron_tag_history(self):
        """Settle names, end what has expired, end and begin what was not written down, until all is done."""
        Job = self.env["ir.cron"]
        self.env.flush_all()
        self.env["res.partner.category"]._fill_name_forms(everything=True)
        Job._commit_progress()
        for step in (self._expire_batch, self._end_batch, self._begin_batch):
            while done := step(BATCH_SIZE):
                # How much is left takes as long to know as to do.
                if not Job._commit_progress(done, remaining=1):
                    return
        Job._commit_progress(remaining=0)

    @api.model
    def _expire_batch(self, size):
        """Take away tags given by hand whose time is up; return how many were."""
        self.env.flush_all()
        now = fields.Datetime.now()
        rows = self.env.execute_query(
            SQL(
                "SELECT entry.id, entry.partner_id, entry.category_id, tag.expiry_days "
                "FROM res_partner_category tag JOIN partner_tag_assignment entry ON entry.category_id = tag.id "
                "WHERE tag.tag_kind = 'manual' AND tag.expiry_days > 0 AND entry.until IS NULL "
                "AND entry.since <= %s - tag.expiry_days * interval '1 day' "
                "LIMIT %s FOR UPDATE OF entry SKIP LOCKED",
                now,
                size,
            )
        )
        if not rows:
            return 0
        ids, partner_ids, category_ids, days = map(list, zip(*rows, strict=True))
        # No user reads over a job's shoulder: the language is that of the main company.
        reasons = self.with_context(lang=self.env["partner.condition.mixin"]._rule_lang())._expiry_reasons(days)
        self.env.cr.execute(
            SQL(
                "DELETE FROM res_partner_res_partner_category_rel rel "
                "USING unnest(%s::integer[], %s::integer[]) AS gone (partner_id, category_id) "
                "WHERE rel.partner_id = gone.partner_id AND rel.category_id = gone.category_id",
                partner_ids,
                category_ids,
            )
        )
        self.env.cr.execute(
            SQL(
                "UPDATE partner_tag_assignment entry SET until = %s, reason = gone.reason "
                "FROM unnest(%s::integer[], %s::varchar[]) AS gone (id, reason) WHERE entry.id = gone.id",
                now,
                ids,
                [reasons[number] for number in days],
            )
        )
        self.env.invalidate_all(flush=False)
        return len(rows)

    @api.model
    def _expiry_reasons(self, days):
        """Return {number of days: words}."""
        return {number: self.env._("Expired after %s days", number) for number in set(days)}

    @api.model
    def _end_batch(self, size):
        """End entries of tags that their partner does not have any more; return how many."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE partner_tag_assignment SET until = %s WHERE id IN (SELECT entry.id "
                "FROM partner_tag_assignment entry LEFT JOIN res_partner_res_partner_category_rel rel "
                "ON rel.partner_id = entry.partner_id AND rel.category_id = entry.category_id "
                "WHERE entry.until IS NULL AND rel.partner_id IS NULL LIMIT %s FOR UPDATE OF entry SKIP LOCKED)",
                fields.Datetime.now(),
                size,
            )
        )
        self.invalidate_model()
        return self.env.cr.rowcount

    @api.model
    def _begin_batch(self, size):
        """Begin entries of tags that nobody wrote down; return how many."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "INSERT INTO partner_tag_assignment (partner_id, category_id, since, source) "
                "SELECT rel.partner_id, rel.category_id, %s, 'found' FROM res_partner_res_partner_category_rel rel "
                "LEFT JOIN partner_tag_assignment entry ON entry.partner_id = rel.partner_id "
                "AND entry.category_id = rel.category_id AND entry.until IS NULL WHERE entry.id IS NULL LIMIT %s "
                "ON CONFLICT (partner_id, category_id) WHERE until IS NULL DO NOTHING",
                fields.Datetime.now(),
                size,
            )
        )
        self.invalidate_model()
        return self.env.cr.rowcount
