"""The job behind the evaluation of rule tags."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.job import StatementLimit


class PartnerTagRun(models.Model):
    """Gives a tag to whoever meets its condition and takes it from everybody else, by one statement for each step.

    A partner's record is not touched, nobody gets a message: the history of tags is the record. How a run goes on is
    the mixin's.
    """

    _inherit = "partner.tag.run"

    @api.model
    def _cron_evaluate(self):
        """Begin what has not been evaluated today, then go on with every run until all is done or the time is up."""
        self.env["res.partner.category"]._start_missing_runs()
        self._go_on()

    def _prepare_step(self):
        """Write in the language of whoever started it, else of the main company."""
        lang = self.started_by_id.lang or self.env["res.partner.category"]._rule_lang()
        return self.with_context(lang=lang)

    def _explain_impossible(self):
        if not self.category_id._is_evaluated():
            return self.env._("The tag has been archived, or is given by hand now.")
        return None

    def _begin_pass(self):
        """Look whether the condition can still be searched; what it named may have gone."""
        with StatementLimit(self.env.cr, self._statement_limit):
            reason = self.category_id._explain_bad_condition(self.category_id.rule_domain)
        if reason:
            return self.env._(
                "The condition of “%(tag)s” cannot be used: %(reason)s.", tag=self.category_id.name, reason=reason
            )
        return super()._begin_pass()

    # -- whom it looks at --------------------------------------------------------------------------------------------

    def _population(self):
        return self.category_id._rule_population()

    def _next_batch(self):
        """Go on after the population with those who have the tag all the same."""
        last_id, count = super()._next_batch()
        if not count:
            query = "SELECT max(partner_id), count(*) FROM %s WHERE category_id = %s AND partner_id > %s"
            holders = self.category_id._holders_table()
            [(last_id, count)] = self.env.execute_query(SQL(query, holders, self.category_id.id, self.last_id))
        return last_id, count

    def _batch_sql(self, last_id):
        """Add those who have the tag and do not belong to the population (any more)."""
        return SQL(
            "(SELECT id FROM %s AS population (id) UNION SELECT partner_id FROM %s "
            "WHERE category_id = %s AND partner_id > %s AND partner_id <= %s)",
            super()._batch_sql(last_id),
            self.category_id._holders_table(),
            self.category_id.id,
            self.last_id,
            last_id,
        )

    # -- what it does ------------------------------------------------------------------------------------------------

    def _look_at(self, ids):
        """Give, take away and write it down."""
        self.env.cr.execute(self._evaluation_sql(ids), log_exceptions=False)
        [(given, taken, skipped)] = self.env.cr.fetchall()
        self.given += given
        self.taken += taken
        self.env.invalidate_all()
        return given + taken, skipped

    def _evaluation_sql(self, ids):
        """Return the statement that makes the tags and the history of the partners ``ids`` (SQL) right.

        It gives (given, taken, skipped). Partners that somebody else is changing are left alone. To do it twice changes
        nothing.
        """
        tag = self.category_id
        return SQL(
            """
            WITH wrong AS MATERIALIZED (
                SELECT * FROM %(state)s AS state
                 WHERE held <> wanted OR wanted <> (entry_id IS NOT NULL) OR (waiting AND NOT met)
            ), free AS MATERIALIZED (
                SELECT wrong.* FROM wrong JOIN res_partner ON res_partner.id = wrong.partner_id
                   FOR NO KEY UPDATE OF res_partner SKIP LOCKED
            ), given AS (
                INSERT INTO %(holders)s (partner_id, category_id)
                SELECT partner_id, %(tag)s FROM free WHERE wanted AND NOT held
                ON CONFLICT DO NOTHING RETURNING 1
            ), taken AS (
                DELETE FROM %(holders)s holder USING free
                 WHERE holder.category_id = %(tag)s AND holder.partner_id = free.partner_id AND NOT free.wanted
                RETURNING 1
            ), ended AS (
                UPDATE partner_tag_assignment entry
                   SET until = %(now)s, has_expired = free.met,
                       reason = concat_ws(' · ', reason, CASE WHEN free.met THEN %(expired)s ELSE %(unmet)s END)
                  FROM free WHERE entry.id = free.entry_id AND NOT free.wanted
            ), ready AS (
                UPDATE partner_tag_assignment entry SET has_expired = FALSE
                  FROM free WHERE free.waiting AND NOT free.met AND entry.has_expired
                   AND entry.category_id = %(tag)s AND entry.partner_id = free.partner_id
            ), begun AS (
                INSERT INTO partner_tag_assignment (partner_id, category_id, since, source, user_id, reason)
                SELECT partner_id, %(tag)s, %(now)s, 'rule', %(user)s, %(reason)s
                  FROM free WHERE wanted AND entry_id IS NULL
                ON CONFLICT (partner_id, category_id) WHERE until IS NULL DO NOTHING
            )
            SELECT (SELECT count(*) FROM given), (SELECT count(*) FROM taken),
                   (SELECT count(*) FROM wrong) - (SELECT count(*) FROM free)
            """,
            state=tag._rule_state_sql(ids),
            holders=tag._holders_table(),
            tag=tag.id,
            now=fields.Datetime.now(),
            user=self.started_by_id.id or self.env.uid,
            reason=tag._rule_reason(),
            expired=self.env._("expired after %s days", tag.expiry_days),
            unmet=self.env._("condition not met any more"),
        )

    # -- when it cannot go on ----------------------------------------------------------------------------------------

    def _report_stopped(self):
        """Tell the tag's owner, else whoever started it; the same trouble is told once, not every night."""
        tag = self.category_id
        before = self.search([("category_id", "=", tag.id), ("id", "<", self.id)], limit=1)
        told = before.state == "stopped" and before.message == self.message
        user = tag.owner_id if tag.owner_id.active else self.started_by_id
        if not user or not tag._is_evaluated() or (told and not self.started_by_id):
            return
        run = self.with_context(lang=user.lang or self.env.lang)
        text = run.env._(
            "The rule of the tag “%(tag)s” could not be evaluated: %(reason)s Everybody keeps the tag as it is. "
            "Correct the condition of the tag, then press “Evaluate Now” there.",
            tag=run.category_id.name,
            reason=self.message,
        )
        self.env["mail.thread"].message_notify(
            partner_ids=user.partner_id.ids,
            subject=run.env._("Tag “%s”: the rule could not be evaluated", run.category_id.name),
            body=Markup("<p>%s</p>") % text,
            model=tag._name,
            res_id=tag.id,
        )
