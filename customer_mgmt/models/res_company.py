"""Each company numbers its own customers."""

from odoo import api, fields, models


class ResCompany(models.Model):
    """Holds the sequence from which a company's customers draw their numbers."""

    _inherit = "res.company"

    customer_sequence_id = fields.Many2one(
        "ir.sequence", string="Customer Number Sequence", copy=False, ondelete="set null", groups="base.group_system"
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._ensure_customer_sequences()
        return companies

    def _ensure_customer_sequences(self):
        """Create the sequences that are missing; a second call does nothing."""
        # sudo: companies are created by users who may not create sequences
        missing = self.sudo().filtered(lambda company: not company.customer_sequence_id)
        sequences = self.env["ir.sequence"].sudo().create([company._prepare_customer_sequence() for company in missing])
        for company, sequence in zip(missing, sequences, strict=True):
            company.customer_sequence_id = sequence

    def _prepare_customer_sequence(self):
        """Return the values of this company's new sequence: like the shared one, counting from 1."""
        shared = self.env["res.partner"]._get_shared_customer_sequence()
        return {
            "name": self.env._("Customer numbers of %s", self.name),
            "code": shared.code,
            "prefix": shared.prefix,
            "padding": shared.padding,
            "company_id": self.id,
        }
