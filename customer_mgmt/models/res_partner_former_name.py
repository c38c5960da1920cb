"""Names of before, on the partner."""

from odoo import fields, models

from ..tools.search_key import normalize


class ResPartner(models.Model):
    """Writes down the old name when a managed customer is renamed."""

    _inherit = "res.partner"

    former_name_ids = fields.One2many(
        "partner.former.name",
        "partner_id",
        string="Former Names",
        groups="base.group_user",
        help="The customer is found by these names too.",
    )

    def write(self, vals):
        """Keep the names that this change replaces; capitals, accents and blanks alone make no other name."""
        if not vals.get("name"):
            return super().write(vals)
        # sudo: who may change a partner need not be allowed to read all of it
        former = [
            (partner.id, partner.name)
            for partner in self.sudo()
            if partner.name != vals["name"] and partner._has_former_names()
            if partner.name and normalize(partner.name) != normalize(vals["name"])
        ]
        result = super().write(vals)
        if former:
            # sudo: who may rename a partner need not be a user of the customer file
            self.env["partner.former.name"].sudo().create(
                [{"partner_id": partner_id, "name": name, "user_id": self.env.uid} for partner_id, name in former]
            )
        return result

    def _has_former_names(self):
        """Tell whether the names of this partner are kept: of a managed customer, not of its contact persons."""
        return bool(self.customer_status) and self.commercial_partner_id == self
