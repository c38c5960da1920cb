"""Who sees which customers: one policy for the whole database, put into force by Odoo's record rules."""

from odoo import api, models
from odoo.tools import ormcache

# What is in force under each policy, as external ids of this addon. Odoo joins the rules of a user's groups by OR.
OWN = "res_partner_rule_group_customer_own"
OWN_TEAM = "res_partner_rule_group_customer_own_team"
BESIDE_THE_POLICY = (
    "res_partner_rule_group_customer_own_documents",
    "res_partner_rule_group_customer_own_create",
    "res_partner_rule_group_customer_all",
)
POLICIES = {
    "open": (),
    "team": (OWN, OWN_TEAM, *BESIDE_THE_POLICY),
    "own": (OWN, "res_partner_rule_group_customer_team", *BESIDE_THE_POLICY),
}


class IrRule(models.Model):
    """Switches the rules of the visibility policy; nothing else says which policy is in force."""

    _inherit = "ir.rule"

    @api.model
    def _customer_rules(self, *names):
        """Return the rules of these names that still exist; an administrator may have deleted one."""
        refs = [self.env.ref(f"customer_mgmt.{name}", raise_if_not_found=False) for name in names]
        return self.browse(rule.id for rule in refs if rule)

    @api.model
    @ormcache()
    def _customer_visibility(self):
        """Return the policy in force, a key of POLICIES. Every change of a rule empties this cache."""
        # sudo: everyone's screens depend on the policy, whoever may look at rules
        own, team = (self.sudo()._customer_rules(name).active for name in (OWN, OWN_TEAM))
        return ("team" if team else "own") if own else "open"

    @api.model
    def _set_customer_visibility(self, policy):
        """Put ``policy`` into force for everyone at once."""
        every = dict.fromkeys(name for names in POLICIES.values() for name in names)
        wanted = self._customer_rules(*POLICIES[policy])
        (self._customer_rules(*every) - wanted).active = False
        wanted.active = True
