import itertools

from odoo.exceptions import AccessError, RedirectWarning
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from . import rights_table as table
from .common import CustomerCase

OPERATIONS = ("read", "write", "create", "unlink")
ONE_RIGHT = {
    "deleter": "group_customer_delete",
    "merger": "group_customer_merge",
    "confidant": "group_customer_personal",
    "configurator": "group_customer_config",
    "tagger": "group_customer_tag",
}


class AccessCase(CustomerCase):
    """A user per role of the table, in one team, and a try of an operation that leaves nothing behind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for role, group in ONE_RIGHT.items():
            groups = f"customer_mgmt.group_customer_own,customer_mgmt.{group}"
            setattr(cls, role, new_test_user(cls.env, f"customer_{role}", groups=groups))
        cls.team = cls.env["crm.team"].create({"name": "Our Team"})
        staff = [getattr(cls, role) for role, sight in table.ROLES.items() if sight in ("salesperson", "leader")]
        cls.team.member_ids = [Command.set([user.id for user in staff])]
        cls.colleague = new_test_user(cls.env, "customer_colleague", groups="customer_mgmt.group_customer_own")
        cls.numbers = itertools.count(1)
        tag = cls.env["res.partner.category"].create({"name": "Tag of the Test"})
        cls.env["ir.model.data"]._update_xmlids([{"xml_id": "customer_mgmt.tag_of_test", "record": tag}])

    def attempt(self, operation, record, changed=None, vals=None):
        """Carry the operation out as record's user; everything is rolled back."""
        calls = {
            "read": lambda: record.read([record._rec_name]),
            "write": lambda: record.write({changed: "Changed"} if changed else {}),
            "create": lambda: record.create(vals),
            "unlink": lambda: record.unlink(),
        }
        with self.env.cr.savepoint() as savepoint:
            calls[operation]()
            self.env.flush_all()
            savepoint.rollback()

    def resolve(self, vals):
        """Return ``vals`` with ids where the table has external ids, and the other company for "other"."""
        ids = {name: self.env.ref(text).id for name, text in vals.items() if str(text).startswith("customer_mgmt.")}
        return {**vals, **ids, **({"company_id": self.other_company.id} if "company_id" in vals else {})}

    def assertRights(self, letters, record, changed, vals):
        """Try the four operations on ``record`` (with its user): allowed are those of ``letters``."""
        for operation in OPERATIONS:
            if operation[0] in letters:
                try:
                    self.attempt(operation, record, changed, vals)
                except AccessError as error:
                    self.fail(f"{operation} is refused: {error}")
            else:
                guarded = operation == "unlink" and "g" in letters
                with self.assertRaises(RedirectWarning if guarded else AccessError, msg=operation):
                    self.attempt(operation, record, changed, vals)


@tagged("post_install", "-at_install")
class TestAccess(AccessCase):
    """Every role on every kind of record, under every policy, with real calls, denials included."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.rule"]._set_customer_visibility("open")
        cls.shared = {title: cls.make_of_kind(title) for title, *_policies in table.SIGHT}
        cls.own = {
            (role, title): cls.make_of_kind(title, getattr(cls, role))
            for role in table.ROLES
            for title in ("own", "own, archived")
        }
        cls.portal.partner_id.customer_status = "prospect"
        cls.own["portal", "own"] = cls.own["portal", "own, archived"] = cls.portal.partner_id
        users = [getattr(cls, role) for role in table.ROLES]
        partners = cls.Partner.union(*(user.partner_id for user in users if not user.share))
        cls.shared["another's, followed"].message_subscribe(partners.ids)
        for user in users:
            if not user.share:
                cls.shared["another's, with a task"].activity_schedule(user_id=user.id)
        tasked = cls.shared["another's, with a task"]
        tasked.message_unsubscribe(tasked.message_partner_ids.ids)  # the task alone must do

    @classmethod
    def make_of_kind(cls, title, owner=None):
        """Create a customer as a word of table.SIGHT says."""
        vals = {"active": "archived" not in title}
        if title == "of another company":
            vals["company_id"] = cls.other_company.id
        elif "team" in title:
            vals.update(team_id=cls.team.id, user_id=cls.colleague.id)
        elif title != "nobody's":
            vals["user_id"] = (owner or cls.colleague).id
        return cls.make_customer(title, **vals)

    def record_of(self, title, model, vals, customer):
        """Return a record of a line of table.RECORDS for ``customer``, and the values of another one like it."""
        link = {"res.partner": "parent_id"}.get(model, "partner_id")
        if title == "customer":
            like = {name: customer[name].id for name in ("company_id", "user_id", "team_id")}
            return customer, {**vals, **like, "name": "New"}
        vals = {**self.resolve(vals), link: customer.id}
        if title == "contact":
            vals["company_id"] = customer.company_id.id
        if title == "change of a need":
            vals["follow_up_id"] = self.env["partner.follow.up"].create({"partner_id": vals.pop("partner_id")}).id
        unique = {
            "contact": "name",
            "former number": "number",
            "account": "handle",
            "telephone": "number",
            "address on a blacklist": "address",
        }.get(title)
        if not unique:
            return self.env[model].create(vals), vals
        first, second = (f"+41 44 668 {next(self.numbers):04}" for _ in range(2))
        return self.env[model].create({**vals, unique: first}), {**vals, unique: second}

    def letters_of(self, title, sight, letters):
        """Return the letters that hold for a customer of which the role sees all (x), reads (r) or has nothing (-)."""
        allowed = {"x": letters, "r": letters.replace("w", "").replace("u", "").replace("c", "").replace("g", "")}
        # Whoever may create customers may enter one for a colleague, too, but never for another company.
        anywhere = "c" if "C" in letters and title != "of another company" else ""
        anywhere += "c" if "t" in letters and sight in ("x", "r") else ""
        return allowed.get(sight, "").replace("C", "") + anywhere

    def make_cells(self):
        """Return the rows and columns of the table: (role, kind of customer, its sights, line, record, another one)."""
        cells = []
        for line, (kind, *sights), role in itertools.product(table.RECORDS, table.SIGHT, table.ROLES):
            if (role in ONE_RIGHT and (kind not in ("own", "another's") or line[1] != "res.partner")) or (
                kind in table.LIKE_OTHERS and line[1] != "res.partner"
            ):
                continue  # like the user, and like the customer
            customer = self.own.get((role, kind)) or self.shared[kind]
            record, another = self.record_of(*line[:3], customer)
            record = record.with_user(getattr(self, role)).with_context(active_test=False)
            cells.append((role, kind, sights, line, record, another))
        return cells

    def test_every_cell(self):
        """Every cell of the table, allowed and refused."""
        cells = self.make_cells()
        for place, policy in enumerate(table.POLICIES):
            self.env["ir.rule"]._set_customer_visibility(policy)
            for role, kind, sights, (title, _model, _vals, changed, rights), record, another in cells:
                sight = sights[place][table.SIGHT_ROLES.index(table.ROLES[role])]
                letters = self.letters_of(kind, sight, rights.get(role, ""))
                with self.subTest(policy=policy, role=role, customer=kind, record=title):
                    self.assertRights(letters, record, changed, another)

    def test_shared_records(self):
        """What belongs to no customer: everyone's, archived and of another company."""
        for title, model, vals, rights in table.SHARED:
            vals = self.resolve(vals)
            record = self.env[model].create(vals)
            if model == "res.partner.category":
                vals = {**vals, "name": "Another"}  # no two tags have one name
            for role in table.ROLES:
                with self.subTest(record=title, role=role):
                    mine = record.with_user(getattr(self, role)).with_context(active_test=False)
                    self.assertRights(rights.get(role, ""), mine, record._rec_name, vals)

    def test_dimension_types(self):
        """Who defines dimension types; each try that succeeds makes a column and takes it back."""
        self.addCleanup(self.registry.reset_changes)
        for title, model, vals, rights in table.TYPES:
            record = self.env[model].create({**vals, "code": f"{vals['code']}_first"})
            for role in table.ROLES:
                with self.subTest(record=title, role=role):
                    self.assertRights(rights.get(role, ""), record.with_user(getattr(self, role)), "name", vals)
                    self.registry.reset_changes()

    def test_dialogs(self):
        """Who may open which dialog."""
        for (model, allowed), role in itertools.product(table.DIALOGS, table.ROLES):
            with self.subTest(dialog=model, role=role):
                self.assertEqual(self.env[model].with_user(getattr(self, role)).has_access("create"), role in allowed)
        # Marking invalid asks about the customer itself, which the dialog only carries.

    def test_personal_facts(self):
        """Personal facts are for whoever holds the right to them, to read and to write."""
        group = self.env.ref("customer_mgmt.group_customer_personal")
        ours = [
            name for name, field in self.Partner._fields.items() if "group_customer_personal" in (field.groups or "")
        ]
        self.assertTrue(ours)
        for role in table.ROLES:
            user = getattr(self, role)
            person = self.portal.partner_id.with_user(user)
            allowed = group in user.all_group_ids
            self.assertEqual(allowed, role in ("admin", "confidant"))
            for name in ours:
                with self.subTest(field=name, role=role):
                    self.assertEqual(person._has_field_access(self.Partner._fields[name], "read"), allowed)
                    if not allowed:
                        self.assertRaises(AccessError, person.read, [name])
                        self.assertRaises(AccessError, person.search, [(name, "!=", False)])
