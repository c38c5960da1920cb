"""Groups of tags."""

from odoo import fields, models


class PartnerTagGroup(models.Model):
    """A shelf of the tag library; it can limit how many of its tags one customer has.

    A tag's parent, which Odoo has, says what the tag is a part of; its group says what question it answers.
    """

    _name = "partner.tag.group"
    _description = "Group of Tags"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Text(translate=True, help="Which tags belong here, and who uses them.")
    max_per_partner = fields.Integer(
        string="Most per Customer", help="How many tags of this group one customer or contact can have. 0: any number."
    )
    tag_ids = fields.One2many("res.partner.category", "tag_group_id", string="Tags")

    _max_not_negative = models.Constraint("CHECK (max_per_partner >= 0)", "Most per Customer: it cannot be negative.")
