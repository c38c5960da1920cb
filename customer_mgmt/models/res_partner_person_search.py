"""Numbers and accounts of persons in the one search box."""

from odoo import api, models


class ResPartner(models.Model):
    """Lets a partner be found by everything it can be reached by."""

    _inherit = "res.partner"

    @api.model
    def _search_key_sources(self):
        return super()._search_key_sources() | {
            "extra_phone_ids.number": "phone",
            "extra_phone_ids.number_sanitized": "phone",
            "social_account_ids.handle": "text",
        }
