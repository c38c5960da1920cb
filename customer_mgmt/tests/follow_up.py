"""Customers and short ways to record and to promise that the tests of follow-ups share."""

from datetime import datetime, timedelta

from .common import CustomerCase


class FollowUpCase(CustomerCase):
    """A customer of the lowest role with a contact person, a team with a leader, and another customer of nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.FollowUp = cls.env["partner.follow.up"]
        cls.Step = cls.env["partner.follow.up.step"]
        cls.phone = cls.env.ref("customer_mgmt.partner_follow_up_method_phone")
        cls.visit = cls.env.ref("customer_mgmt.partner_follow_up_method_visit")
        cls.team = cls.env["crm.team"].create(
            {"name": "Test Team", "user_id": cls.leader.id, "member_ids": [(4, cls.user.id)]}
        )
        cls.customer = cls.make_customer("Hears from Us", status="active", user_id=cls.user.id, team_id=cls.team.id)
        cls.contact = cls.make_contact(cls.customer, "Ann", phone="+32 470 12 34 56")
        cls.other = cls.make_customer("Somebody Else")

    def record(self, user=None, partner=None, **vals):
        """Record a contact as done, by the lowest role and with the customer unless said otherwise."""
        vals = {
            "partner_id": (partner or self.customer).id,
            "method_id": self.phone.id,
            "outcome": "reached",
            "key_points": "Wants a van for six persons",
            **vals,
        }
        follow_up = self.FollowUp.with_user(user or self.user).create(vals)
        follow_up.action_done()
        return follow_up

    def promise(self, user=None, partner=None, days=2, **vals):
        """Make an open step, due in ``days`` days."""
        return self.Step._schedule(
            [
                {
                    "partner_id": (partner or self.customer).id,
                    "user_id": (user or self.user).id,
                    "date": datetime.now() + timedelta(days=days),
                    "plan": "Send the offer",
                    "method_id": self.phone.id,
                    **vals,
                }
            ]
        )

    @staticmethod
    def later(**delta):
        """Return a moment so much later (naive UTC datetime)."""
        return datetime.now().replace(microsecond=0) + timedelta(**delta)
