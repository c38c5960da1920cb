"""Planning activities."""

from odoo import api, fields, models


class MailActivitySchedule(models.TransientModel):
    """Warns before an activity is planned by a channel that the customer refuses."""

    _inherit = "mail.activity.schedule"

    do_not_contact_warning = fields.Char(
        compute="_compute_do_not_contact_warning",
        help="Who of the documents' customers must not be contacted by the channel of the activity type.",
    )

    @api.depends("activity_type_id", "res_model", "res_ids")
    def _compute_do_not_contact_warning(self):
        for scheduler in self:
            channel = scheduler.activity_type_id.channel
            records = scheduler._get_applied_on_records() if channel and scheduler.res_model else None
            scheduler.do_not_contact_warning = records._explain_blocked_channel(channel) if records else False
