"""What is done with preferences every night."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class PartnerPreference(models.Model):
    """Does the daily work on preferences, each step complete in itself and harmless when repeated."""

    _inherit = "partner.preference"

    @api.model
    def _cron_nightly(self):
        """Count how often options are used. Other concerns add their steps."""
        self._refresh_usage_counts()
        self.env["ir.cron"]._commit_progress()

    @api.model
    def _refresh_usage_counts(self):
        """Count the valid preferences of every option by one statement, which writes only what has changed."""
        self.flush_model()
        Option = self.env["partner.preference.option"]
        Option.flush_model()
        valid = self.sudo()._search(self._current_domain() & Domain("option_id", "!=", False))
        self.env.cr.execute(
            SQL(
                "UPDATE partner_preference_option o SET usage_count = used.count "
                "FROM (SELECT o.id, count(u.option_id) AS count FROM partner_preference_option o "
                "LEFT JOIN (%s) u ON u.option_id = o.id GROUP BY o.id) AS used "
                "WHERE used.id = o.id AND o.usage_count IS DISTINCT FROM used.count",
                valid.select(SQL.identifier("partner_preference", "option_id")),
            )
        )
        Option.invalidate_model(["usage_count"])
