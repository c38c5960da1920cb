import contextlib
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
        vals = {**vals, link: customer.id}
        if title == "contact":
            vals["company_id"] = customer.company_id.id
        unique = {"contact": "name", "former number": "number", "account": "handle", "telephone": "number"}.get(title)
        if not unique:
            return self.env[model].create(vals), vals
        first, second = (f"+41 44 668 {next(self.numbers):04}" for _ in range(2))
        return self.env[model].create({**vals, unique: first}), {**vals, unique: second}

    def letters_of(self, title, sight, letters):
        """Return the letters that hold for a customer of which the role sees all (x), reads (r) or has nothing (-)."""
        allowed = {"x": letters, "r": letters.replace("w", "").replace("u", "").replace("c", "").replace("g", "")}
        # Whoever may create customers may enter one for a colleague, too, but never for another company.
        anywhere = "c" if "C" in letters and title != "of another company" else ""
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
            vals = {**vals, **({"company_id": self.other_company.id} if "company_id" in vals else {})}
            record = self.env[model].create(vals)
            for role in table.ROLES:
                with self.subTest(record=title, role=role):
                    mine = record.with_user(getattr(self, role)).with_context(active_test=False)
                    self.assertRights(rights.get(role, ""), mine, record._rec_name, vals)

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


@tagged("post_install", "-at_install")
class TestAccessOfOurs(AccessCase):
    """What holds for every model and every field of ours, those of tomorrow included."""

    def our_models(self):
        """Return the models of this addon that have records."""
        names = [name for name, model in self.env.registry.items() if model._original_module == "customer_mgmt"]
        return [self.env[name] for name in names if not self.env[name]._abstract]

    def test_the_table_is_complete(self):
        """No model of ours is missing in the table."""
        known = {model for _title, model, *_rest in table.RECORDS + table.SHARED} | {m for m, _roles in table.DIALOGS}
        # Lines of a record of the table, which they share every right with.
        known |= {"customer.adoption.batch", "partner.merge.log.line", "partner.employer.change.line"}
        self.assertFalse({model._name for model in self.our_models()} - known)

    def test_companies_are_apart(self):
        """Every model with a company has a rule of companies, unless it is a part of a partner, whose rule holds."""
        rules = self.env["ir.rule"].search([("groups", "=", False)])
        ruled = {rule.model_id.model for rule in rules if "company_id" in (rule.domain_force or "")}
        parts = self.env.registry["partner.part.mixin"]
        for model in self.our_models():
            if "company_id" in model._fields and model._fields["company_id"].store:
                self.assertTrue(model._name in ruled or issubclass(type(model), parts), model._name)

    def test_two_companies(self):
        """Who works in one company sees its records and the shared ones, who works in both sees both."""
        here, there = self.env.company, self.other_company
        makers = {
            "res.partner": lambda company: self.make_customer("M", company_id=company.id),
            "customer.category": lambda company: self.env["customer.category"].create(
                {"name": "M", "company_id": company.id}
            ),
            "customer.need": lambda company: self.env["customer.need"].create(
                {"name": "M", "partner_id": self.make_customer("N", company_id=company.id).id}
            ),
            "customer.adoption": lambda company: self.env["customer.adoption"].create(
                {"name": "M", "company_id": company.id}
            ),
        }  # fmt: skip
        self.put_in_companies(self.admin, here | there)
        for model, make in makers.items():
            ours, theirs = make(here), make(there)
            shared = make(self.env["res.company"])
            every = (ours | theirs | shared).with_user(self.admin)
            for companies, visible in (
                (here, ours | shared),
                (there, theirs | shared),
                (here | there, ours | theirs | shared),
            ):
                with self.subTest(model=model, companies=companies.mapped("name")):
                    found = every.with_context(allowed_company_ids=companies.ids).search([("id", "in", every.ids)])
                    self.assertEqual(set(found.ids), set(visible.ids))

    def test_portal_reads_no_field_of_ours(self):
        """A customer who logs in reads the own partner, but none of our fields."""
        partner = self.portal.partner_id.with_user(self.portal)
        ours = [name for name, field in self.Partner._fields.items() if field._modules[:1] == ("customer_mgmt",)]
        self.assertGreater(len(ours), 10)
        for name in ours:
            with self.subTest(name), self.assertRaises(AccessError):
                partner.read([name])

    def test_public_methods_ask_for_rights(self):
        """No method that a client can call helps someone without our rights to change a customer."""
        customer = self.make_customer("Someone's")
        plain = self.Partner.create({"name": "Plain"})
        before = customer.read(), plain.read()
        for name in dir(type(customer)):
            method = getattr(type(customer), name, None)
            if name.startswith("action_customer") and callable(method):
                for partner in (customer, plain):
                    with self.subTest(name), contextlib.suppress(AccessError):
                        getattr(partner.with_user(self.outsider), name)()
        self.env.invalidate_all()
        self.assertEqual((customer.read(), plain.read()), before)


@tagged("post_install", "-at_install")
class TestPortalAndSystem(CustomerCase):
    """Visitors and superuser code are not held up by rights that are none of their business."""

    def test_portal_can_still_search(self):
        """Our search by number does not stop a visitor from searching by name."""
        partner = self.portal.partner_id
        partner.name = "Visitor 4711"  # a digit makes it look like a number
        found = [pid for pid, _name in self.Partner.with_user(self.portal).name_search(partner.name)]
        self.assertEqual(found, partner.ids)

    def test_portal_can_still_change_the_own_address(self):
        """Odoo's portal writes as superuser for the visitor; our fields do not stand in the way."""
        self.portal.partner_id.customer_status = "prospect"
        for policy in ("open", "own"):
            self.env["ir.rule"]._set_customer_visibility(policy)
            partner = self.portal.partner_id.with_user(self.portal).sudo()
            partner.write({"city": "Basel"})
            partner.create({"name": "Delivery", "type": "delivery", "parent_id": partner.id})
            self.assertEqual(set(partner.child_ids.mapped("customer_status")), {"prospect"})
            self.assertTrue(partner.with_user(self.portal).sudo(False).read(["name"]))

    def test_outsider_cannot_use_the_buttons(self):
        """No button helps someone to change what they may not write."""
        customer = self.make_customer().with_user(self.outsider)
        for button in ("action_customer_activate", "action_customer_mark_invalid"):
            with self.subTest(button), self.assertRaises(AccessError):
                getattr(customer, button)()
        plain = self.Partner.create({"name": "Plain"}).with_user(self.outsider)
        with self.assertRaises(AccessError):
            plain.action_customer_manage()

    def test_numbers_are_drawn_without_rights_on_sequences(self):
        """The user who creates a customer may not touch sequences or other companies."""
        customer = self.Partner.with_user(self.user).create({"name": "New", "customer_status": "prospect"})
        self.assertTrue(customer.customer_number)
        with self.assertRaises(AccessError):
            self.Partner._get_shared_customer_sequence().with_user(self.user).write({"padding": 2})
