from odoo.tests import tagged

from .dimension import DimensionCase

IMPORTANCE, TERRITORY, TENURE = "x_dim_importance_id", "x_dim_territory_id", "x_dim_tenure_id"


@tagged("post_install", "-at_install")
class TestMergeDimensions(DimensionCase):
    """Merging customers: the survivor has one value of each dimension, and every history is right."""

    def merge(self, survivor, *sources, user=None):
        """Merge ``sources`` into ``survivor`` as the wizard does."""
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(user or self.admin)
        wizard._merge(survivor.union(*sources).ids, survivor.with_env(wizard.env), extra_checks=False)
        self.env.flush_all()
        self.env.invalidate_all()

    def assertConsistent(self):
        """Assert that no open entry differs from the column of its partner, and no column lacks an entry."""
        for dimension in self.Partner._dimensions_of("customer"):
            self.env.cr.execute(
                f"SELECT p.id FROM res_partner p LEFT JOIN partner_dimension_assignment a "  # noqa: S608
                f"ON a.partner_id = p.id AND a.type_id = %s AND a.until IS NULL "
                f"WHERE (p.commercial_partner_id = p.id OR a.id IS NOT NULL) "
                f"AND a.value_id IS DISTINCT FROM p.{dimension.column}",
                [dimension.id],
            )
            self.assertFalse(self.env.cr.fetchall(), dimension.column)

    def test_survivor_keeps_its_own(self):
        """Its value and its history stay; the source's value ends, and its history stays with the archived source."""
        survivor = self.make_customer("Survivor", **{IMPORTANCE: self.key.id})
        source = self.make_customer("Source", **{IMPORTANCE: self.ordinary.id})
        self.merge(survivor, source)
        self.assertEqual(self.history(survivor), [(self.key, "manual", "", True)])
        self.assertEqual(self.history(source), [(self.ordinary, "manual", "", False)])
        self.assertFalse(source[IMPORTANCE])
        self.assertConsistent()

    def test_survivor_takes_over(self):
        """What it lacks it takes over, and what a rule had given stays a rule's; contacts of both have it at once."""
        survivor, source = self.make_customer("Survivor"), self.make_customer("Source", **{IMPORTANCE: self.key.id})
        self.give_by_rule(source, self.north)
        contacts = self.make_contact(survivor) | self.make_contact(source) | self.make_contact(source, active=False)
        self.merge(survivor, source)
        name = "Merged from Source"
        self.assertEqual(self.history(survivor), [(self.key, "manual", name, True)])
        self.assertEqual(self.history(survivor, self.territory), [(self.north, "rule", name, True)])
        for contact in contacts:
            self.assertEqual(
                (contact.parent_id, contact[IMPORTANCE], contact[TERRITORY]), (survivor, self.key, self.north)
            )
        self.assertConsistent()

    def test_what_nobody_may_choose(self):
        """A merge is no choice: values of rules, retired ones and those of a closed group are taken over, too."""
        survivor = self.make_customer("Survivor")
        source = self.make_customer("Source", **{IMPORTANCE: self.key.id, TENURE: self.old.id})
        self.key.active = False
        merger = self.user
        merger.group_ids |= self.env.ref("customer_mgmt.group_customer_merge")
        self.importance.edit_group_id = self.env.ref("base.group_system")
        self.merge(survivor, source, user=merger)
        self.assertEqual((survivor[IMPORTANCE], survivor[TENURE]), (self.key, self.old))
        self.assertConsistent()

    def test_plain_partners(self):
        """Partners that are no customers have open entries as well; none is lost, none stops the merge."""
        survivor = self.Partner.create({"name": "Survivor", IMPORTANCE: self.key.id})
        source = self.Partner.create({"name": "Source", IMPORTANCE: self.ordinary.id, TERRITORY: self.north.id})
        self.merge(survivor, source)
        self.assertFalse(source.exists())
        entries = {(value, now) for value, _source, _reason, now in self.history(survivor)}
        self.assertEqual(entries, {(self.key, True), (self.ordinary, False)})
        self.assertEqual(survivor[TERRITORY], self.north)
        self.assertConsistent()

    def test_value_of_another_company(self):
        """A value that the survivor's company cannot have stays behind."""
        survivor = self.make_customer("Survivor", company_id=self.env.company.id)
        source = self.make_customer("Source", company_id=self.other_company.id, **{IMPORTANCE: self.foreign.id})
        self.put_in_companies(self.admin, self.env.company | self.other_company)
        self.merge(survivor, source)
        self.assertFalse(survivor[IMPORTANCE])
        shared, source = self.make_customer("Shared"), self.make_customer("Source", company_id=self.other_company.id)
        source.write({IMPORTANCE: self.foreign.id})
        self.merge(shared, source)
        self.assertEqual((shared.company_id, shared[IMPORTANCE]), (self.other_company, self.foreign))
        self.assertConsistent()

    def test_contact_persons(self):
        """A contact gives nothing away: its values are its company's. Into a contact merged, the company takes over."""
        company = self.make_customer("Company", **{IMPORTANCE: self.key.id})
        contact, survivor = self.make_contact(company), self.make_customer("Survivor")
        self.merge(survivor, contact)
        self.assertFalse(survivor[IMPORTANCE])
        other = self.make_customer("Other")
        colleague = self.make_contact(other)
        self.merge(colleague, self.make_customer("Source", **{TERRITORY: self.north.id}))
        self.assertEqual((colleague[TERRITORY], other[TERRITORY]), (self.north, self.north))
        self.assertEqual(self.history(other, self.territory)[0][2], "Merged from Source")
        self.assertConsistent()

    def test_three_at_once(self):
        """Of two sources the last one gives; all entries are there afterwards."""
        survivor = self.make_customer("Survivor")
        first = self.make_customer("First", **{IMPORTANCE: self.key.id, TERRITORY: self.north.id})
        second = self.make_customer("Second", **{IMPORTANCE: self.ordinary.id})
        self.merge(survivor, first, second)
        self.assertEqual((survivor[IMPORTANCE], survivor[TERRITORY]), (self.ordinary, self.north))
        self.assertEqual(len(first.dimension_assignment_ids | second.dimension_assignment_ids), 3)
        self.merge(self.make_customer("Last"), survivor)
        self.assertConsistent()

    def test_journal(self):
        """The journal does not count what stays where it was."""
        survivor, source = self.make_customer("Survivor"), self.make_customer("Source", **{IMPORTANCE: self.key.id})
        self.merge(survivor, source)
        log = self.env["partner.merge.log"].search([("survivor_id", "=", survivor.id)])
        self.assertNotIn("partner.dimension.assignment", log.line_ids.mapped("model"))

    def test_return_from_the_archive(self):
        """A source that comes back begins without values, with its past."""
        survivor, source = self.make_customer("Survivor"), self.make_customer("Source", **{IMPORTANCE: self.key.id})
        self.merge(survivor, source)
        source.with_user(self.admin).action_unarchive()
        self.assertFalse(source[IMPORTANCE])
        self.assertEqual(self.history(source), [(self.key, "manual", "", False)])
        self.assertConsistent()
