"""Activities, where having one makes a customer readable."""

from odoo import api, fields, models


class MailActivity(models.Model):
    """Keeps an activity from being carried to a customer that its owner may not see, and warns of refused channels."""

    _inherit = "mail.activity"

    do_not_contact_warning = fields.Char(
        compute="_compute_do_not_contact_warning",
        help="Who of the document's customers must not be contacted by the channel of the activity type.",
    )

    @api.depends("activity_type_id", "res_model", "res_id")
    def _compute_do_not_contact_warning(self):
        self.do_not_contact_warning = False
        for (model, channel), activities in self.grouped(lambda a: (a.res_model, a.activity_type_id.channel)).items():
            if not channel or model not in self.env:
                continue
            partners = self.env[model].browse(activities.mapped("res_id"))._partners_to_contact()
            refusals = self.env["res.partner"].union(*partners.values())._blocked_channels()
            for activity in activities:
                if activity.res_id in partners:
                    warning = partners[activity.res_id]._explain_blocked(channel, refusals)
                    activity.do_not_contact_warning = warning

    def write(self, vals):
        """Moving an activity to another document takes what planning it there takes.

        Odoo asks only about the document it leaves; under our rules that would open every customer to whoever has one
        activity of his own.
        """
        result = super().write(vals)
        if vals.keys() & {"res_id", "res_model", "res_model_id"} and self.env["res.partner"]._is_sight_narrowed():
            self.check_access("create")
        return result
