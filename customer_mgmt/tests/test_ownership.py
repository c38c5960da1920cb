from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.customer_mgmt.models.res_partner_status import UNCHECKED

from .common import CustomerCase

# Customers without their one open row, rows of somebody who is no customer, and owners that differ: must be empty.
BROKEN = """
    SELECT partner.id, partner.name, partner.user_id, ownership.user_id, ownership.id
      FROM (SELECT * FROM res_partner WHERE customer_status IS NOT NULL AND (is_company OR parent_id IS NULL)) partner
      FULL JOIN (SELECT * FROM partner_ownership WHERE until IS NULL) ownership ON ownership.partner_id = partner.id
     WHERE partner.id IS NULL OR ownership.id IS NULL OR partner.user_id IS DISTINCT FROM ownership.user_id
"""


@tagged("post_install", "-at_install")
class TestOwnership(CustomerCase):
    """Whatever happens to a customer, one open row says who owns it now, and closed ones who owned it before."""

    def assertHolds(self):
        """Assert that every customer of the database has exactly one open row, and that it tells the truth."""
        self.env.flush_all()
        self.cr.execute(BROKEN)
        self.assertFalse(self.cr.fetchall())

    def history(self, customer):
        """Return the (owner, cause, still open) of all rows of ``customer``, the oldest first."""
        self.assertHolds()
        rows = customer.ownership_ids.sorted("id")
        return [(row.user_id, row.cause, not row.until) for row in rows]

    def test_every_way_to_change_owner(self):
        """Each change in business words leaves these rows, the newest of them open."""
        nobody, ann, bob = self.env["res.users"], self.user, self.leader
        begin = {"customer_status": "prospect"}
        company = self.make_customer("Group")
        contact = {"parent_id": company.id, "is_company": False}
        cases = [  # what happens, values at creation, changes one after the other, rows: owner and cause
            ("created with an owner", begin | {"user_id": ann.id}, [], [(ann, "created")]),
            ("created with none", begin, [], [(nobody, "created")]),
            ("handed over", begin | {"user_id": ann.id}, [{"user_id": bob.id}], [(ann, "created"), (bob, "changed")]),
            ("taken up", begin, [{"user_id": bob.id}], [(nobody, "created"), (bob, "changed")]),
            ("released", begin | {"user_id": ann.id}, [{"user_id": 0}], [(ann, "created"), (nobody, "changed")]),
            ("the same again", begin | {"user_id": ann.id}, [{"user_id": ann.id}, {"name": "X"}], [(ann, "created")]),
            ("managed later", {"user_id": ann.id}, [begin], [(ann, "managed")]),
            ("managed and owned at once", {}, [begin | {"user_id": bob.id}], [(bob, "managed")]),
            ("not managed", {"user_id": ann.id}, [{"user_id": bob.id}], []),
            ("marked invalid", begin | {"user_id": ann.id}, [{"customer_status": "invalid"}], [(ann, "created")]),
            ("archived", begin | {"user_id": ann.id}, [{"active": False}], [(ann, "created")]),
            ("created as a contact", contact | {"user_id": ann.id}, [{"user_id": bob.id}], []),
            ("contact on its own", contact | {"user_id": ann.id}, [{"parent_id": False}], [(ann, "managed")]),
            ("contact made a company", contact, [{"is_company": True}], [(nobody, "managed")]),
        ]
        for label, vals, changes, expected in cases:
            with self.subTest(label):
                partner = self.Partner.create({"name": label, **vals})
                for change in changes:
                    partner.write(change)
                rows = [(owner, cause, row is expected[-1]) for row in expected for owner, cause in [row]]
                self.assertEqual(self.history(partner), rows)

    def test_end_of_a_customer(self):
        """Who becomes a contact of another customer keeps its past and has no open row; on its own it begins anew."""
        person = self.make_customer("Person", is_company=False, user_id=self.user.id)
        person.parent_id = self.make_customer("Company")
        self.assertEqual(self.history(person), [(self.user, "created", False)])
        person.parent_id = False
        self.assertEqual(self.history(person)[1:], [(self.user, "managed", True)])
        person.with_context(customer_unchecked=UNCHECKED).customer_status = False
        self.assertEqual([still_open for _owner, _cause, still_open in self.history(person)], [False, False])

    def test_many_at_once(self):
        """One write on many customers, managed ones and others, touches only those whose owner changes."""
        customers = self.make_customer(user_id=self.user.id) | self.make_customer(user_id=self.leader.id)
        plain = self.Partner.create({"name": "Plain"})
        (customers | plain).write({"user_id": self.leader.id})
        self.assertEqual(
            [self.history(customer) for customer in customers],
            [[(self.user, "created", False), (self.leader, "changed", True)], [(self.leader, "created", True)]],
        )
        self.assertFalse(self.history(plain))

    def test_import(self):
        """A file that brings owners along begins histories, and a second one goes on with them."""
        for login in ("customer_user", "customer_leader"):
            name = self.env["res.users"].search([("login", "=", login)]).name
            context = {"import_file": True}
            result = self.Partner.with_context(**context).load(
                ["id", "name", "is_company", "customer_status", "user_id"],
                [["__test__.imported", "Imported", "True", "prospect", name]],
            )
            self.assertFalse(result["messages"])
        imported = self.env.ref("__test__.imported")
        self.assertEqual(self.history(imported), [(self.user, "created", False), (self.leader, "changed", True)])

    def test_form(self):
        """A person with the lowest right changes the owner in the form, and is named as who did it."""
        customer = self.make_customer(user_id=self.user.id)
        with Form(customer.with_user(self.user), "base.view_partner_form") as form:
            form.user_id = self.leader
        self.assertEqual(self.history(customer)[-1], (self.leader, "changed", True))
        self.assertEqual(customer.ownership_ids[0].by_id, self.user)

    def test_merge(self):
        """The owners of a merged customer become part of the survivor's past; its own owner stays."""
        survivor = self.make_customer(user_id=self.user.id)
        source = self.make_customer(user_id=self.leader.id)
        self.env["base.partner.merge.automatic.wizard"]._merge((survivor | source).ids, survivor)
        self.assertEqual(self.history(survivor), [(self.user, "created", True), (self.leader, "merged", False)])
        self.assertFalse(self.history(source))

    def test_merge_into_no_customer(self):
        """A survivor that becomes a customer by the merge begins its history beside the source's."""
        survivor = self.Partner.create({"name": "Plain", "is_company": True, "user_id": self.user.id})
        source = self.make_customer(user_id=self.leader.id)
        self.env["base.partner.merge.automatic.wizard"]._merge((survivor | source).ids, survivor)
        self.assertEqual(self.history(survivor), [(self.leader, "merged", False), (self.user, "managed", True)])

    def test_deleted_customer(self):
        """A deleted customer takes its history along, and its contacts begin none."""
        customer = self.make_customer(user_id=self.user.id)
        contact, rows = self.make_contact(customer), customer.ownership_ids
        customer.unlink()
        self.assertFalse(rows.exists() or self.history(contact))

    def test_customers_of_before(self):
        """An update gives a row to whoever was a customer before there were any, and changes nothing the next time."""
        customer = self.make_customer(user_id=self.user.id)
        customer.ownership_ids.sudo().unlink()
        self.env["partner.ownership"]._open_missing()
        customer.invalidate_recordset()
        self.assertEqual(self.history(customer), [(self.user, "managed", True)])
        self.env["partner.ownership"]._open_missing()
        customer.invalidate_recordset()
        self.assertEqual(len(self.history(customer)), 1)

    def test_nothing_written_without_a_change(self):
        """A write that changes no owner writes no row, and other writes do not even ask."""
        customer = self.make_customer(user_id=self.user.id)
        self.env.flush_all()
        last = self.env["partner.ownership"].search([], order="id desc", limit=1)
        before = self.cr.sql_log_count
        customer.write({"ref": "Nothing of ours"})
        plain = self.cr.sql_log_count - before
        customer.write({"user_id": self.user.id})
        self.assertEqual(self.env["partner.ownership"].search([], order="id desc", limit=1), last)
        self.assertEqual(plain, 0)

    def test_days(self):
        """The days of a row are counted to its end, or to now."""
        customer = self.make_customer(user_id=self.user.id)
        row = customer.ownership_ids
        row.sudo().write({"since": "2026-01-01 00:00:00", "until": "2026-01-31 12:00:00"})
        self.assertEqual(row.days, 30)
        row.sudo().write({"since": "2020-01-01 00:00:00", "until": False})
        self.assertGreater(row.days, 365)

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_nobody_writes(self):
        """The history is written by the system alone; whoever may see the customer reads it, visitors never."""
        ownership = self.make_customer().ownership_ids
        vals = {"partner_id": ownership.partner_id.id, "since": "2026-01-01 00:00:00", "cause": "created"}
        for user in (self.outsider, self.user, self.leader, self.manager, self.admin):
            row = ownership.with_user(user)
            with self.subTest(user.login):
                self.assertEqual(row.cause, "created")
                for action in (
                    lambda row=row: row.write({"user_id": self.user.id}),
                    lambda row=row: row.create(vals),
                    lambda row=row: row.unlink(),
                ):
                    self.assertRaises(AccessError, action)
        with self.assertRaises(AccessError):
            ownership.with_user(self.portal).read(["cause"])

    def test_owners_cannot_be_deleted(self):
        """Deleting a user who owned a customer is refused with advice; another user goes."""
        self.make_customer(user_id=self.leader.id)
        with self.assertRaisesRegex(UserError, "Archive the user"):
            self.leader.unlink()
        self.outsider.unlink()
        self.assertFalse(self.outsider.exists())
