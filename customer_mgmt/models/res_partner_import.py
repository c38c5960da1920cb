"""Import of customers through Odoo's own import."""

from odoo import api, models


class ResPartner(models.Model):
    """Offers our template where customers are imported, Odoo's everywhere else."""

    _inherit = "res.partner"

    @api.model
    def get_import_templates(self):
        """Return the templates of the customer file when called from the Customers app."""
        if not self.env.context.keys() & {"default_customer_status", "customer_contacts"}:
            return super().get_import_templates()
        return [
            {
                "label": self.env._("Import Template for Customers and Contacts (XLSX)"),
                "template": "/customer_mgmt/import_template.xlsx",
            },
            {
                "label": self.env._("Import Template for Customers and Contacts (CSV)"),
                "template": "/customer_mgmt/import_template.csv",
            },
        ]

    def write(self, vals):
        """In a file an empty cell says nothing: it takes no number away and does not end a customer's management.

        Nor does it take from a contact person what it shares with its company.
        """
        if self.env.context.get("import_file"):
            kept = {"customer_number", "customer_status"}
            # What nobody can fill in says nothing either, and the file of an export has these columns.
            kept |= {dimension.column for dimension in self._dimensions_in(vals) if dimension.frozen}
            # sudo: whoever may change a partner need not be allowed to read its company
            if all(partner.commercial_partner_id != partner for partner in self.sudo()):
                kept |= set(self._customer_commercial_fields())
            vals = {name: value for name, value in vals.items() if value or name not in kept}
        return super().write(vals)
