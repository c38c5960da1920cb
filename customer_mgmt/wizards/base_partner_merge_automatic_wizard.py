"""Merging customers with Odoo's own wizard."""

from odoo import models
from odoo.tools import SQL

from ..models.res_partner_status import UNCHECKED

# The survivor takes the status that says most about the customer.
STATUS_RANK = {False: 0, "invalid": 1, "prospect": 2, "active": 3}


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Keeps numbers unique and no status lost while Odoo merges partners."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_values(self, src_partners, dst_partner):
        """Free the sources' numbers before Odoo copies values: two partners cannot have the same one for a moment."""
        partners = (src_partners | dst_partner).sudo()
        status = max((partner.customer_status or False for partner in partners), key=STATUS_RANK.get)
        numbers = [number for number in src_partners.sudo().mapped("customer_number") if number]
        if status:
            src_partners.sudo()._release_customer()
        result = super()._update_values(src_partners, dst_partner)
        if status:
            self._hand_over_customer(dst_partner, status, numbers)
        return result

    def _hand_over_customer(self, survivor, status, numbers):
        """Give the survivor the status, and the first of the sources' ``numbers`` if it has none; note the others."""
        survivor = survivor.sudo()
        if survivor.commercial_partner_id == survivor:
            # A source of another company may bring a number that the survivor's company has given to someone else.
            taken = survivor._find_taken_numbers(survivor.company_id.id, numbers) if numbers else {}
            free = [number for number in numbers if number not in taken]
            if free and not survivor.customer_number:
                numbers.remove(free[0])
                # The plain column: the ORM would draw a fresh number first.
                self.env.cr.execute(
                    SQL("UPDATE res_partner SET customer_number = %s WHERE id = %s", free[0], survivor.id)
                )
                survivor.invalidate_recordset(["customer_number"])
            survivor.with_context(customer_unchecked=UNCHECKED).write({"customer_status": status})
            survivor.invalidate_recordset(["child_ids"])  # the sources' contacts are the survivor's by now
            survivor._commercial_sync_to_descendants(survivor._customer_commercial_fields())
            survivor._refresh_search_keys()
        if numbers:
            survivor._message_log(body=self.env._("Customer numbers of the merged partners: %s", ", ".join(numbers)))
