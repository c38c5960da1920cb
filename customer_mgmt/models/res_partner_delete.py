"""Deleting a customer: never by the way, never with a history."""

import logging

from lxml import etree

from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Domain

# A value that no client can send: our dialog passes it in the context once the name was typed.
CONFIRMED = object()


class ResPartner(models.Model):
    """Lets a customer go only where nothing is lost; everyone else learns what is at stake and what to do instead."""

    _inherit = "res.partner"

    @api.model
    def get_views(self, views, options=None):
        """Offer our “Delete…” only where a view has switched Odoo's own off; elsewhere it would be a second one."""
        result = super().get_views(views, options)
        own = self.env.ref("customer_mgmt.res_partner_action_customer_delete", raise_if_not_found=False)
        for view in result["views"].values():
            actions = view.get("toolbar", {}).get("action")
            # Odoo itself writes "False", where the user may not delete.
            if own and actions and etree.fromstring(view["arch"]).get("delete") != "0":
                view["toolbar"]["action"] = [action for action in actions if action["id"] != own.id]
        return result

    def unlink(self):
        """Contact persons that lose their company by this remain as plain contacts, not as customers of their own."""
        # sudo: also those that the user may not see
        contacts = (
            self.sudo()
            .with_context(active_test=False)
            .search(
                Domain("commercial_partner_id", "in", self.ids)
                & Domain("id", "not in", self.ids)
                & Domain("customer_status", "!=", False)
            )
        )
        result = super().unlink()
        if contacts:
            contacts._release_customer()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_customer(self):
        """Refuse to delete a customer, unless nothing hangs on it and somebody who may has typed its name.

        The superuser passes, because Odoo deletes partners as such for reasons of its own: a merge has moved everything
        before, the privacy look-up obeys the law, a portal user closes the own account. Where documents must not lose
        their partner, the database refuses also then.
        """
        if self.env.su:
            return
        customers = self._managed_customers()
        if not customers:
            return
        counts = customers._partner_history_counts()
        confirmed = self.env.context.get("customer_delete_confirmed") is CONFIRMED
        if counts or not confirmed or not self._may_delete_customers():
            customers._refuse_deletion(counts)

    @api.model
    def _may_delete_customers(self):
        """Tell whether the user holds the right to delete customers at all."""
        return self.env.user.has_group("customer_mgmt.group_customer_delete")

    def _managed_customers(self):
        """Return the customers among these partners that count as such, and those that a merge left behind."""
        # sudo: who may delete need not be allowed to read all of it; searched, because some may be gone already
        Partner = self.sudo().with_context(active_test=False)
        domain = self._customer_domain() | Domain("merged_into_id", "!=", False)
        return Partner.search(Domain("id", "in", self.ids) & domain).with_env(self.env)

    def _refuse_deletion(self, counts):
        """Say why these customers stay, and offer to mark them invalid instead."""
        if counts:
            reason = self.env._(
                "%(customers)s: not deleted, because there is a history (%(counts)s).",
                customers=self._quote_names(),
                counts=self._describe_counts(counts),
            )
        elif not self._may_delete_customers():
            reason = self.env._(
                "%(customers)s: not deleted, because you do not have the right “Delete Customers”.",
                customers=self._quote_names(),
            )
        else:
            reason = self.env._(
                "%(customers)s: not deleted yet. To delete for good, open the customer file, choose “Delete…” in the "
                "actions menu and type the name.",
                customers=self._quote_names(),
            )
        markable = self._can_be_marked_invalid()
        if not markable:
            raise UserError(
                self.env._("%(reason)s It is set aside already and in nobody's way; leave it as it is.", reason=reason)
            )
        advice = self.env._(
            "%(reason)s\n\nMark it invalid instead: it is set aside with everything it has, and can be restored at any "
            "time.",
            reason=reason,
        )
        refusal = RedirectWarning(advice, markable._action_invalidate(), self.env._("Mark Invalid…"))
        # Odoo's server takes it for a fault otherwise, and logs an error with a traceback.
        refusal.loglevel = logging.INFO
        raise refusal

    def _quote_names(self, limit=5):
        """Return the names of these partners in quotation marks, at most ``limit`` of them."""
        # sudo: a name that was selected for deletion is known
        names = ", ".join(f"“{name}”" for name in self[:limit].sudo().mapped("display_name"))
        if len(self) > limit:
            return self.env._("%(names)s and %(count)s more", names=names, count=len(self) - limit)
        return names

    def action_customer_delete(self):
        """Open the dialog that says what is at stake before anything is deleted."""
        action = self.env["ir.actions.act_window"]._for_xml_id("customer_mgmt.customer_delete_action")
        return {**action, "context": {"default_partner_ids": self.ids}}
