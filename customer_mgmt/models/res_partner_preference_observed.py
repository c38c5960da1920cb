"""Where what customers bought can be read."""

from odoo import api, models


class ResPartner(models.Model):
    """Says where what customers bought can be read; apps that know orders extend it."""

    _inherit = "res.partner"

    @api.model
    def _observed_preference_query(self):
        """Return SQL, any number, giving (partner_id, product_categ_id, spend, orders, last_date).

        One row per partner and category: the spend in the currency of the main company, the number of orders with it,
        and the day of the newest. Contacts' rows count for their company.
        """
        return []
