"""How large segments were."""

from odoo import fields, models


class PartnerSegmentSize(models.Model):
    """The size of a segment on one day, counted by the system over everybody's customers; people read it."""

    _name = "partner.segment.size"
    _description = "Size of a Segment"
    _order = "date desc, id desc"
    _rec_name = "segment_id"
    _log_access = False  # the date says it

    segment_id = fields.Many2one("partner.segment", required=True, ondelete="cascade")
    date = fields.Date(required=True, help="The day of the count.")
    size = fields.Integer(aggregator="avg", help="How many were in it that day, whoever may see them.")

    _day_unique = models.UniqueIndex("(segment_id, date)", "Size of a Segment: it was counted on that day already.")
