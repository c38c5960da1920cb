from odoo.tests import tagged

from .follow_up_bulk import FollowUpBulkCase


@tagged("post_install", "-at_install")
class TestFollowUpSegment(FollowUpBulkCase):
    """Segments, rules and filters ask for follow-ups."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = ("Often", "Once", "Silent", "Missed", "New")
        cls.often, cls.once, cls.silent, cls.missed, cls.new = [
            cls.make_customer(name, city="Conditionville", user_id=cls.user.id) for name in names
        ]
        cls.all = cls.often | cls.once | cls.silent | cls.missed | cls.new
        for days in (1, 3, 20):
            cls.record(cls.often, days)
        cls.record(cls.once, 40, method_id=cls.visit.id, topic_id=cls.service.id, outcome="agreed")
        cls.record(cls.silent, 400)
        cls.record(cls.missed, 10)
        for days in (2, 5):
            cls.record(cls.missed, days, outcome="no_answer", key_points=False)
        cls.FollowUp.with_user(cls.user).create(
            {"partner_id": cls.new.id, "method_id": cls.phone.id, "outcome": "no_answer"}
        )  # a draft has not taken place

    def find(self, *condition, user=None):
        """Return who of the five meets the condition."""
        return self.Partner.with_user(user or self.env.user).search([("id", "in", self.all.ids), condition])

    def test_every_condition(self):
        """Each field finds exactly whom it should, with every kind of comparison."""
        for condition, found in (
            (("follow_up_count_7", "=", 2), self.often | self.missed),
            (("follow_up_count_30", ">=", 3), self.often | self.missed),
            (("follow_up_count_30", ">", 3), self.Partner),
            (("follow_up_count_30", "=", 0), self.once | self.silent | self.new),
            (("follow_up_count_30", "!=", 0), self.often | self.missed),
            (("follow_up_count_30", "<", 1), self.once | self.silent | self.new),
            (("follow_up_count_30", "=", False), self.once | self.silent | self.new),
            (("follow_up_count_90", "<=", 1), self.once | self.silent | self.new),
            (("follow_up_count_90", "in", [0, 3]), self.often | self.silent | self.missed | self.new),
            (("follow_up_count_365", "=", 0), self.silent | self.new),
            (("follow_up_unanswered", ">", 0), self.missed),
            (("follow_up_unanswered", "=", 2), self.missed),
            (("follow_up_unanswered", "=", 0), self.all - self.missed),
            (("follow_up_last_outcome", "=", "no_answer"), self.missed),
            (("follow_up_last_outcome", "!=", "reached"), self.once | self.missed | self.new),
            (("follow_up_last_outcome", "in", ["agreed", "refused"]), self.once),
            (("follow_up_last_outcome", "=", False), self.new),
            (("follow_up_last_outcome", "!=", False), self.all - self.new),
            (("follow_up_last_method_id", "=", self.visit.id), self.once),
            (("follow_up_last_method_id", "!=", self.visit.id), self.all - self.once),
            (("follow_up_last_method_id", "=", False), self.new),
            (("follow_up_last_method_id.code", "=", "visit"), self.once),
            (("follow_up_last_method_id", "any", [("code", "=", "visit")]), self.once),
            (("follow_up_last_method_id", "ilike", "outside"), self.once),
            (("follow_up_last_topic_id", "in", self.sales.ids), self.often | self.silent | self.missed),
            (("follow_up_last_topic_id.name", "=", "Service"), self.once),
            # Nobody has talked to them since they were given to the salesperson.
            (("follow_up_status", "=", "never"), self.all),
            (("follow_up_last_date", "<", "-30d"), self.once | self.silent),
            (("follow_up_next_date", "!=", False), self.Partner),
        ):
            with self.subTest(condition=condition):
                self.assertEqual(self.find(*condition), found)

    def test_values_agree_with_the_search(self):
        """What a list shows is what the search finds."""
        names = ["follow_up_count_7", "follow_up_count_30", "follow_up_count_90", "follow_up_count_365"]
        names += ["follow_up_unanswered", "follow_up_last_outcome"]
        names += ["follow_up_last_method_id", "follow_up_last_topic_id"]
        for customer in self.all:
            for name in names:
                value = customer[name]
                value = value.id if name.endswith("_id") else value
                with self.subTest(customer=customer.name, name=name):
                    self.assertIn(customer, self.find(name, "=", value))
        self.assertEqual(self.often.follow_up_count_30, 3)
        self.assertEqual(self.missed.follow_up_unanswered, 2)
        self.assertEqual(self.once.follow_up_last_method_id, self.visit)

    def test_persons_have_the_values_of_their_company(self):
        """A segment of contacts can ask for the company's follow-ups."""
        person = self.make_contact(self.often, "Person")
        self.assertEqual(person.follow_up_count_30, 3)
        self.assertIn(person, self.Partner.search([("follow_up_count_30", "=", 3)]))
        self.assertNotIn(person, self.Partner.search([("follow_up_count_30", "=", 0)]))

    def test_segment(self):
        """A segment is built of such conditions, counted, and joined with others."""
        condition = [
            ("city", "=", "Conditionville"),
            ("follow_up_unanswered", ">=", 2),
            ("follow_up_last_method_id", "=", self.phone.id),
        ]
        segment = self.env["partner.segment"].create(
            {"name": "Missed Prospects", "company_id": False, "domain": repr(condition)}
        )
        self.assertFalse(segment.problem)
        self.assertEqual(segment.member_count, 1)
        self.assertEqual(self.Partner.search([("segment_ids", "=", segment.id)]), self.missed)
        segment.action_count_now()
        self.assertEqual(segment.last_size, 1)

    def test_hidden_topics(self):
        """Whoever may not see a topic finds customers by what he may see; the system sees all."""
        topic = self.env["partner.follow.up.topic"].create(
            {"name": "Secret", "group_id": self.env.ref("customer_mgmt.group_customer_admin").id}
        )
        self.record(self.once, 1, user=self.admin, topic_id=topic.id, outcome="refused")
        self.assertEqual(self.find("follow_up_last_outcome", "=", "refused", user=self.admin), self.once)
        self.assertFalse(self.find("follow_up_last_outcome", "=", "refused", user=self.user))
        self.assertEqual(self.find("follow_up_last_outcome", "=", "agreed", user=self.user), self.once)
        self.assertEqual(self.once.with_user(self.user).follow_up_last_outcome, "agreed")
        self.assertEqual(self.once.with_user(self.admin).follow_up_last_outcome, "refused")

    def test_queries(self):
        """A page of customers costs as much as one."""
        names = ["follow_up_count_30", "follow_up_unanswered", "follow_up_last_outcome", "follow_up_last_topic_id"]
        many = self.Partner.create([{"name": f"C{n}", "customer_status": "prospect"} for n in range(50)])
        for customer in many[:10]:
            self.record(customer)
        one = self.count_queries(lambda: self.often.read(names))
        self.assertEqual(self.count_queries(lambda: many.read(names)), one)
        found = self.count_queries(lambda: self.Partner.search([("follow_up_unanswered", ">", 0)]))
        self.assertLessEqual(found, 3)
