"""Who had which value of which dimension, from when until when, and why."""

from odoo import fields, models

SOURCES = [
    ("manual", "Chosen by a person"),
    ("import", "Imported"),
    ("rule", "Given by a rule"),
    ("computed", "Computed"),
]


class PartnerDimensionAssignment(models.Model):
    """One stretch of time during which a customer had a value.

    Written by the system alone, on every change (res_partner_dimension_history.py); people read it. A customer that
    has a value has exactly one open entry (without an end) for the type, and it equals the customer's column. Contact
    persons that share their company's value have none of their own.
    """

    _name = "partner.dimension.assignment"
    _inherit = ["partner.part.mixin"]
    _description = "Dimension Value of a Customer"
    _order = "since desc, id desc"
    _rec_name = "value_name"
    _log_access = False  # "since" and "by" say it; two links less to check for each of many rows

    partner_id = fields.Many2one(string="Customer")
    type_id = fields.Many2one("partner.dimension.type", string="Dimension", required=True, ondelete="cascade")
    value_id = fields.Many2one("partner.dimension.value", required=True, index=True, ondelete="restrict")
    value_name = fields.Char(required=True, help="What the value was called when it was given.")
    source = fields.Selection(SOURCES, required=True)
    since = fields.Datetime(required=True)
    until = fields.Datetime(help="Empty: it still holds.")
    user_id = fields.Many2one("res.users", string="Given by", ondelete="set null", help="Who made the change.")
    reason = fields.Char(help="Why: the rule that gave it, or what the person or the system said.")

    # The promise of one open entry per customer and type, kept by the database; also the way to today's value.
    _open_unique = models.UniqueIndex(
        "(partner_id, type_id) WHERE until IS NULL",
        "Dimension Value of a Customer: the customer has a value of this type at this time already.",
    )
    # All entries of a type: what its deletion would take along, and its analysis over time.
    _type_index = models.Index("(type_id, since)")
