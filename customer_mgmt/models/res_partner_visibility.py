"""Customers and their owner, where the visibility policy decides who sees them."""

from odoo import api, models


class ResPartner(models.Model):
    """Keeps the policy true to life: whoever enters a customer goes on seeing it, whoever loses it does not.

    Under the policy “open” nothing here does anything.
    """

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        """Give a new customer without salesperson to whoever enters it, who could not open it otherwise."""
        if not self._is_sight_narrowed():
            return super().create(vals_list)
        defaults = self.default_get(["customer_status", "is_company", "parent_id", "user_id"])
        vals_list = [
            vals | {"user_id": self.env.uid}
            if self._will_be_customer(defaults | vals) and not (defaults | vals).get("user_id")
            else vals
            for vals in vals_list
        ]
        return super().create(vals_list)

    def write(self, vals):
        """Let a change of status, owner or company keep the policy; every other change passes untouched."""
        if vals.get("parent_id") and self._is_sight_narrowed():
            # A contact that the user follows makes its company readable: nobody may hang one on a hidden customer.
            self.browse(vals["parent_id"]).check_access("read")
        if vals.get("customer_status") and "user_id" not in vals and self._is_sight_narrowed():
            # Before the status: afterwards the partner is a customer of nobody, and out of sight.
            self.filtered(
                lambda partner: (
                    not partner.customer_status and not partner.user_id and partner.commercial_partner_id == partner
                )
            ).user_id = self.env.user
        former = self._find_former_owners(vals["user_id"]) if "user_id" in vals else {}
        result = super().write(vals)
        for owner, partners in former.items():
            # sudo: whoever assigns a customer need not be allowed to change its followers
            (partners | partners.child_ids).sudo().message_unsubscribe(owner.partner_id.ids)
        return result

    @api.model
    def _is_sight_narrowed(self):
        """Tell whether the user does not see every customer; the system always does."""
        return not self.env.su and self.env.user._has_narrowed_sight()

    def _find_former_owners(self, user_id):
        """Return {owner: partners that ``user_id`` takes over from that owner}, where the policy hides customers.

        Odoo makes every owner a follower, and followers can read. Whoever gives a customer away himself goes on
        following it, so that the screen he does it on can still be shown.
        """
        if self.env["ir.rule"]._customer_visibility() == "open":
            return {}
        # sudo: an import or a job may change the owner of a partner it need not be able to read
        losing = self.sudo().filtered(
            lambda partner: (
                partner.customer_status and partner.user_id and partner.user_id.id not in (user_id, self.env.uid)
            )
        )
        return losing.grouped("user_id")
