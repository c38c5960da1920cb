"""How far an adoption has come."""

from odoo import fields, models


class CustomerAdoptionBatch(models.Model):
    """One committed step of an adoption.

    A row of its own per step, instead of a counter on the adoption, lets the administrator stop it at any time: the
    two never write the same row.
    """

    _name = "customer.adoption.batch"
    _description = "Step of an Adoption of Customers"
    _order = "id desc"
    _rec_name = "date"
    _log_access = False

    adoption_id = fields.Many2one("customer.adoption", required=True, index=True, ondelete="cascade")
    date = fields.Datetime(string="Finished On", required=True)
    customer_count = fields.Integer(string="Customers", help="Partners that became customers in this step.")
    contact_count = fields.Integer(string="Contacts", help="Contact persons that followed their company in this step.")
