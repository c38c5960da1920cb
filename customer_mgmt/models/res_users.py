"""What the visibility policy means for each user."""

from collections import defaultdict

from odoo import api, models


class ResUsers(models.Model):
    """Answers whose sight of the customers the policy narrows, and by how much."""

    _inherit = "res.users"

    def _has_narrowed_sight(self):
        """Tell whether the policy in force hides customers from this user."""
        if self.env["ir.rule"]._customer_visibility() == "open":
            return False
        return self.has_group("customer_mgmt.group_customer_own") and not self.has_group(
            "customer_mgmt.group_customer_all"
        )

    @api.model
    def _search_narrowed(self):
        """Return the internal users from whom the policies “team” and “own” hide customers."""
        own = self.env.ref("customer_mgmt.group_customer_own").all_user_ids
        return own.filtered(lambda user: not user.share) - self.env.ref("customer_mgmt.group_customer_all").all_user_ids

    @api.model
    def _search_without_customer_rights(self):
        """Return the internal users who hold none of our rights; no rule of ours reaches them."""
        return self.search([("share", "=", False)]) - self.env.ref("customer_mgmt.group_customer_own").all_user_ids

    def _count_visible_customers(self, policy):
        """Return {user: number of customers the user would see under ``policy`` as owner or through a team}.

        Three queries for all users. Customers that a user follows or has an activity on come on top; they can be read.
        """
        # sudo: what the administrator who asks may see does not matter
        Partner = self.env["res.partner"].sudo()
        by_owner, by_team, by_both = defaultdict(int), defaultdict(int), {}
        for owner, team, count in Partner._read_group(Partner._customer_domain(), ["user_id", "team_id"], ["__count"]):
            by_owner[owner.id] += count
            by_team[team.id] += count
            by_both[owner.id, team.id] = count
        leaders = self.env.ref("customer_mgmt.group_customer_team").all_user_ids
        teams = self._customer_teams()
        return {
            user: by_owner[user.id]
            + sum(
                by_team[team] - by_both.get((user.id, team), 0)
                for team in teams[user.id]
                if policy == "team" or user in leaders
            )
            for user in self
        }

    def _customer_teams(self):
        """Return {user id: ids (set) of the teams that the user leads or belongs to}."""
        teams = defaultdict(set)
        # sudo: as above; archived teams still have their customers
        members = self.env["crm.team.member"].sudo().search_fetch([("user_id", "in", self.ids)])
        for member in members:
            teams[member.user_id.id].add(member.crm_team_id.id)
        led = self.env["crm.team"].sudo().with_context(active_test=False).search_fetch([("user_id", "in", self.ids)])
        for team in led:
            teams[team.user_id.id].add(team.id)
        return teams
