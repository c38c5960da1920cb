"""People and next steps for the tests of reminders."""

from freezegun import freeze_time

from odoo.fields import Command, Datetime
from odoo.tests import new_test_user

from .common import CustomerCase

# A Tuesday: 10:00 in Shanghai, 03:00 in Berlin.
NOW = "2026-03-10 02:00:00"


class ReminderCase(CustomerCase):
    """Two salespersons in two time zones, a leader, a manager and a clock that stands still at NOW.

    Everybody's hour is seven. Chen lives in Shanghai (07:00 is 23:00 UTC of the day before), Anna in Berlin (06:00).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clock = cls.startClassPatcher(freeze_time(NOW))
        cls.env.company.follow_up_digest_hour = 7
        cls.env.company.partner_id.tz = "UTC"
        cls.chen = cls.make_user("chen_sales", "Asia/Shanghai")
        cls.anna = cls.make_user("anna_sales", "Europe/Berlin")
        cls.boss = cls.make_user("boss_lead", "Europe/Berlin", "customer_mgmt.group_customer_team")
        cls.chief = cls.make_user("chief_all", "Europe/Berlin", "customer_mgmt.group_customer_all")
        cls.team = cls.env["crm.team"].create(
            {
                "name": "Reminded Team",
                "user_id": cls.boss.id,
                "follow_up_manager_id": cls.chief.id,
                "member_ids": [Command.set((cls.chen | cls.anna).ids)],
            }
        )
        cls.customer = cls.make_customer("Reminded Customer", user_id=cls.chen.id, team_id=cls.team.id)

    @classmethod
    def make_user(cls, login, zone, groups="customer_mgmt.group_customer_own", **vals):
        """Create a user who gets messages in the inbox and no digest, living in ``zone``."""
        values = {"name": login, "tz": zone, "notification_type": "inbox", "follow_up_digest": False, **vals}
        return new_test_user(cls.env, login, groups=groups, **values)

    @classmethod
    def make_step(cls, date, customer=None, user=None, plan="Call"):
        """Create an open next step due at ``date`` (text, UTC)."""
        values = {
            "partner_id": (customer or cls.customer).id,
            "user_id": (user or cls.chen).id,
            "date": Datetime.to_datetime(date),
            "plan": plan,
        }
        # Odoo's own message about each new activity aside
        Step = cls.env["partner.follow.up.step"].with_context(mail_activity_quick_update=True)
        return Step._schedule([values]).with_env(cls.env)

    def at(self, moment):
        """Return a context in which the clock shows ``moment`` (text, UTC)."""
        return freeze_time(moment)

    def run_job(self, xmlid="ir_cron_remind_of_steps"):
        """Run the job once, as Odoo would."""
        with self.enter_registry_test_mode():
            self.env.ref(f"customer_mgmt.{xmlid}").method_direct_trigger()
        self.env.invalidate_all()

    def messages(self, user):
        """Return the messages of the system to ``user``, in order, but Odoo's own about new activities."""
        domain = [("message_type", "=", "user_notification"), ("partner_ids", "in", user.partner_id.ids)]
        return self.env["mail.message"].search([*domain, ("subject", "not like", "assigned to you")], order="id")

    def subjects(self, user):
        """Return what these messages are headed with."""
        return self.messages(user).mapped("subject")
