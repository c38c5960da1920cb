"""By which channel an activity reaches somebody."""

from odoo import api, fields, models

from .partner_preference_option import CHANNELS


class MailActivityType(models.Model):
    """Tells calls from e-mails and visits, so that whoever plans one can be warned."""

    _inherit = "mail.activity.type"

    channel = fields.Selection(
        CHANNELS,
        compute="_compute_channel",
        store=True,
        readonly=False,
        help="Whoever plans such an activity for somebody who refuses this channel is warned.",
    )

    @api.depends("category")
    def _compute_channel(self):
        """Begin with what Odoo's own types are; everything else is for people to say."""
        email = self.env.ref("mail.mail_activity_data_email", raise_if_not_found=False)
        for activity_type in self:
            if activity_type.category == "phonecall":
                activity_type.channel = "phone"
            elif not activity_type.channel:
                activity_type.channel = "email" if activity_type == email else False
