from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from ..hooks import _remove_follow_ups
from ..models.res_partner_delete import CONFIRMED
from .follow_up_bulk import FollowUpBulkCase


@tagged("post_install", "-at_install")
class TestFollowUpMerge(FollowUpBulkCase):
    """What becomes of follow-ups and steps when their customers or persons are merged, deleted or forgotten."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann, cls.ben = cls.make_customer("Ann", user_id=cls.user.id), cls.make_customer("Ben", user_id=cls.user.id)
        groups = "customer_mgmt.group_customer_delete,base.group_partner_manager"
        cls.deleter = new_test_user(cls.env, "customer_deleter", groups=groups)

    def merge(self, survivor, *sources):
        """Merge ``sources`` into ``survivor`` as the wizard does."""
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.admin)
        wizard._merge(survivor.union(*sources).ids, survivor.with_env(wizard.env))
        self.env.invalidate_all()

    # -- merging -----------------------------------------------------------------------------------------------------

    def test_everything_moves(self):
        """The survivor has the follow-ups, steps, activities and changes of needs of both."""
        need = self.env["customer.need"].create({"partner_id": self.ben.id, "name": "A van"})
        mine = self.record(self.ann, 3)
        other = self.record(
            self.ben, 2, need_change_ids=[Command.create({"need_id": need.id, "budget_max": 900})], user=self.manager
        )
        step = self.promise(self.ben, 2, user=self.manager)
        activity = step.sudo().activity_id
        self.merge(self.ann, self.ben)
        self.assertEqual(self.ann.follow_up_ids, mine | other)
        self.assertEqual(step.partner_id, self.ann)
        self.assertEqual((activity.res_model, activity.res_id), ("res.partner", self.ann.id))
        self.assertEqual((need.partner_id, other.need_change_ids.partner_id), (self.ann, self.ann))
        self.assertEqual((self.ann.follow_up_status, self.ann.follow_up_next_date), ("on_track", step.date))
        self.assertEqual(self.ann.follow_up_last_date, other.date)
        self.assertFalse(self.ben.follow_up_ids or self.ben.follow_up_status)

    def test_one_open_step_for_each_owner(self):
        """Of two open steps of one person the earlier one stays, wherever it stood; other persons keep theirs."""
        for place, (days, other_days) in enumerate(((5, 2), (2, 5), (3, 3))):
            with self.subTest(days=days):
                survivor, source = self.make_customer(f"S{place}"), self.make_customer(f"T{place}")
                first, second = self.promise(survivor, days), self.promise(source, other_days)
                colleagues = self.promise(source, 9, user=self.manager)
                kept, gone = (first, second) if days <= other_days else (second, first)
                activity = gone.sudo().activity_id
                self.merge(survivor, source)
                self.assertEqual((kept.state, gone.state, colleagues.state), ("open", "superseded", "open"))
                self.assertEqual((kept | gone | colleagues).partner_id, survivor)
                self.assertFalse(activity.exists())
                self.assertEqual(kept.sudo().activity_id.res_id, survivor.id)
                self.assertEqual(survivor.activity_ids, (kept | colleagues).sudo().activity_id)

    def test_persons(self):
        """The follow-ups of merged persons name the one that is left, once."""
        one, two = self.make_contact(self.ann, "One"), self.make_contact(self.ann, "Two")
        both = self.record(self.ann, contact_ids=(one | two).ids)
        single = self.record(self.ann, contact_ids=two.ids)
        self.merge(one, two)
        self.assertEqual((both.contact_ids, single.contact_ids), (one, one))

    def test_persons_of_two_companies(self):
        """Merged persons of two customers leave each customer what was said and promised there, naming who is left."""
        ann, ben = self.make_contact(self.ann, "One"), self.make_contact(self.ben, "Same One")
        with_ann, with_ben = self.record(self.ann, 3, contact_ids=ann.ids), self.record(self.ben, contact_ids=ben.ids)
        step = self.promise(self.ben)
        before = [(one.follow_up_status, one.follow_up_last_date) for one in self.ann | self.ben]
        self.merge(ann, ben)
        self.assertEqual((with_ann.partner_id, with_ben.partner_id, step.partner_id), (self.ann, self.ben, self.ben))
        self.assertEqual((with_ann | with_ben).contact_ids, ann)
        self.assertEqual([(one.follow_up_status, one.follow_up_last_date) for one in self.ann | self.ben], before)
        self.assertEqual(step.sudo().activity_id.res_id, self.ben.id)
        # The person works elsewhere now; what was recorded can be corrected all the same.
        with_ben.with_user(self.user).key_points = "What the person said before leaving"
        self.assertEqual(with_ben.contact_ids, ann)
        with self.refused("does not belong to Ann", ValidationError):
            with_ann.contact_ids = self.make_contact(self.ben, "Other")

    def test_customer_becomes_a_person(self):
        """What a customer has that turns out to be a person of another one stands on that one, and names the person."""
        self.ben.is_company = False
        person = self.make_contact(self.ann, "Person")
        mine, said, step = self.promise(self.ann, 2), self.record(self.ben), self.promise(self.ben, 5)
        colleagues = self.promise(self.ben, 5, user=self.manager)
        self.merge(person, self.ben)
        self.assertEqual((said.partner_id, said.contact_ids), (self.ann, person))
        self.assertEqual((mine.state, step.state, colleagues.state), ("open", "superseded", "open"))
        self.assertEqual(colleagues.partner_id, self.ann)
        self.assertEqual(colleagues.sudo().activity_id.res_id, self.ann.id)

    def test_person_becomes_the_company(self):
        """A person that is merged into its customer is no person of the follow-ups any more."""
        person = self.make_contact(self.ann, "Ann Herself")
        said = self.record(self.ann, contact_ids=person.ids)
        person.parent_id = False
        self.merge(self.ann, person)
        self.assertFalse(said.contact_ids)
        self.assertEqual(said.partner_id, self.ann)

    def test_company_of_the_survivor(self):
        """What moves belongs to the survivor's company."""
        self.ann.company_id = self.env.company
        said, step = self.record(self.ben, user=self.admin), self.promise(self.ben, user=self.admin)
        self.merge(self.ann, self.ben)
        self.assertEqual((said.company_id, step.company_id), (self.env.company, self.env.company))

    def test_preview(self):
        """The wizard says beforehand how many follow-ups and steps move; the journal says it afterwards."""
        person = self.make_contact(self.ben, "Person")
        self.record(self.ben)
        self.record(self.ben, contact_ids=person.ids)
        self.promise(self.ben)
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.admin)
        form = Form(wizard.with_context(active_model="res.partner", active_ids=(self.ann | self.ben).ids))
        form.dst_partner_id = self.ann
        for text in ("Follow-up: 2", "Next Step: 1"):
            self.assertIn(text, form.move_preview)
        counts = self.Partner._count_merge_links(person)
        self.assertEqual(counts["partner.follow.up"], 1)

    def test_merged_and_archived_take_no_follow_ups(self):
        """Neither a follow-up nor a planned step is made for who was merged or archived; the survivor is named."""
        self.merge(self.ann, self.ben)
        for customer, message in ((self.ben, "merged into Ann"), (self.make_customer("Old", active=False), "archived")):
            with self.subTest(message), self.refused(message, ValidationError):
                self.record(customer)

    # -- deleting ----------------------------------------------------------------------------------------------------

    def test_delete_guard(self):
        """A customer with a follow-up or a step is not deleted, and whoever tries learns how many there are."""
        self.record(self.ann)
        self.promise(self.ann)
        counts = self.ann._partner_history_counts()
        self.assertEqual((counts["Follow-up"], counts["Next Step"]), ({self.ann.id: 1}, {self.ann.id: 1}))
        confirmed = self.ann.with_user(self.deleter).with_context(customer_delete_confirmed=CONFIRMED)
        with self.refused("Follow-up: 1, Next Step: 1", RedirectWarning):
            confirmed.unlink()
        self.assertTrue(self.ann.exists())

    def test_persons_of_follow_ups_stay(self):
        """A person who was talked to is not deleted; another one is. For a company both count once."""
        person, other = self.make_contact(self.ann, "Person"), self.make_contact(self.ann, "Other")
        self.record(self.ann, contact_ids=person.ids)
        self.assertEqual(person._partner_history_counts()["Follow-up"], {person.id: 1})
        self.assertEqual(self.ann._partner_history_counts()["Follow-up"], {self.ann.id: 1})
        for active in (True, False):
            person.active = active
            with (
                self.subTest(active=active),
                self.refused(r"Person: not deleted, because follow-ups name it \(1\)"),
            ):
                (other | person).with_user(self.deleter).unlink()
        other.with_user(self.deleter).unlink()
        self.assertEqual((person.exists(), other.exists()), (person, self.Partner))

    def test_vendors_stay(self):
        """Also a partner that is no customer is kept for its follow-ups."""
        vendor = self.Partner.create({"name": "Vendor", "is_company": True})
        self.record(vendor)
        with self.refused("Vendor: not deleted, because follow-ups name it", UserError):
            vendor.with_user(self.deleter).unlink()

    def test_privacy(self):
        """The look-up finds follow-ups and steps, and whoever obeys the law deletes them, then the customer."""
        self.ann.email = "ann@forget.example.com"
        said, step = self.record(self.ann), self.promise(self.ann)
        activity, kinds = step.sudo().activity_id, ("partner.follow.up.step", "partner.follow.up", "res.partner")
        wizard = self.env["privacy.lookup.wizard"].create({"name": "Nobody Else", "email": self.ann.email})
        wizard.action_lookup()
        found = {line.res_model: line for line in wizard.line_ids if line.res_model in kinds}
        self.assertEqual({line.res_id for line in found.values()}, {said.id, step.id, self.ann.id})
        for kind in kinds:
            found[kind].action_unlink()
        self.assertFalse(said.exists() or step.exists() or activity.exists() or self.ann.exists())
        with self.refused("never deleted"):
            self.record(self.ben).sudo().unlink()
        with self.refused("not allowed to delete", AccessError):
            self.record(self.ben).with_user(self.admin).unlink()

    # -- leaving -----------------------------------------------------------------------------------------------------

    def test_uninstallation(self):
        """Activities of steps go with us; those that people planned with our types become to-dos, done ones as well."""
        step = self.promise(self.ann, method_id=self.visit.id)
        ours, todo = self.visit.activity_type_id, self.env.ref("mail.mail_activity_data_todo")
        planned, done = [
            self.ann.activity_schedule(activity_type_id=ours.id, user_id=self.user.id) for _number in range(2)
        ]
        done.action_feedback()
        face = step.sudo().activity_id
        _remove_follow_ups(self.env)
        self.assertFalse(face.exists())
        self.assertEqual((planned.activity_type_id, done.activity_type_id), (todo, todo))
