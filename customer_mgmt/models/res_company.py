"""Each company numbers its own customers."""

from odoo import api, fields, models

from .ir_sequence import CUSTOMER_NUMBER_CODE


class ResCompany(models.Model):
    """Holds the sequence from which a company's customers draw their numbers."""

    _inherit = "res.company"

    customer_sequence_id = fields.Many2one(
        "ir.sequence", string="Customer Number Sequence", copy=False, ondelete="set null", groups="base.group_system"
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Give a new company its sequence at once, so that its first customer need not make one."""
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
        # A company must be created even if someone has deleted the shared sequence.
        shared = self.env.ref("customer_mgmt.sequence_customer_number", raise_if_not_found=False)
        return {
            "name": self.env._("Customer numbers of %s", self.name),
            "code": CUSTOMER_NUMBER_CODE,
            "prefix": shared.prefix if shared else "C",
            "padding": shared.padding if shared else 6,
            "company_id": self.id,
        }
