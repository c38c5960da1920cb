"""Names that a customer had before."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PartnerFormerName(models.Model):
    """Lets a renamed customer be found by the name that old letters, invoices and people still use.

    Written by itself when a customer is renamed; whoever may change the customer may take a typing mistake out of it
    and add a name that was used before it came into the file.
    """

    _name = "partner.former.name"
    _description = "Former Name of a Partner"
    _inherit = ["partner.part.mixin"]
    _order = "until DESC, id DESC"

    name = fields.Char(string="Former Name", required=True)
    until = fields.Date(
        string="Used until", required=True, default=fields.Date.context_today, help="The day of the renaming."
    )
    user_id = fields.Many2one(
        "res.users",
        string="Renamed by",
        readonly=True,
        default=lambda self: self.env.user,
        help="Who renamed the customer or entered the former name.",
    )

    @api.constrains("until")
    def _check_until(self):
        """Refuse a day to come: a name that is still used then is no former name."""
        today = fields.Date.context_today(self)
        if late := self.filtered(lambda former: former.until > today)[:1]:
            raise ValidationError(
                self.env._(
                    "Used until: %(date)s is still to come. Enter the day on which “%(name)s” was given up.",
                    date=fields.Date.to_string(late.until),
                    name=late.name,
                )
            )
