"""What a tag that has expired leaves behind."""

from odoo import fields, models


class PartnerTagAssignment(models.Model):
    """Remembers whose tag expired while its condition was still met: these do not get it again at once."""

    _inherit = "partner.tag.assignment"

    has_expired = fields.Boolean(
        string="Waits for the Condition to End",
        readonly=True,
        help="The tag was taken away because its time was up. While this is set the rule does not give it again; the "
        "first evaluation that finds the condition not met empties it.",
    )

    _expired_index = models.Index("(category_id, partner_id) WHERE has_expired")
