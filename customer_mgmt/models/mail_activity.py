"""Activities, where having one makes a customer readable."""

from odoo import models


class MailActivity(models.Model):
    """Keeps an activity from being carried to a customer that its owner may not see."""

    _inherit = "mail.activity"

    def write(self, vals):
        """Moving an activity to another document takes what planning it there takes.

        Odoo asks only about the document it leaves; under our rules that would open every customer to whoever has one
        activity of his own.
        """
        result = super().write(vals)
        if vals.keys() & {"res_id", "res_model", "res_model_id"} and self.env["res.partner"]._is_sight_narrowed():
            self.check_access("create")
        return result
