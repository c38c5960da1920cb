"""The dimensions that several tests of this addon share."""

import contextlib

from odoo.exceptions import UserError
from odoo.tools import SQL

from .common import CustomerCase


class DimensionCase(CustomerCase):
    """Three shipped types set to what the tests rely on, with values of the test's own.

    ==========  ================================================================
    importance  chosen by people: key, ordinary; retired, later and foreign ones
    territory   chosen by people, a tree: north, and harbour below it
    tenure      computed: nobody chooses its value old
    ==========  ================================================================
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Value = cls.env["partner.dimension.value"]
        cls.importance = cls.set_up_type("importance", kind="manual")
        cls.territory = cls.set_up_type("territory", kind="manual", hierarchical=True)
        cls.tenure = cls.set_up_type("tenure", kind="computed")
        cls.key = cls.make_value(cls.importance, "Test Key")
        cls.ordinary = cls.make_value(cls.importance, "Test Ordinary")
        cls.retired = cls.make_value(cls.importance, "Test Retired", active=False)
        cls.later = cls.make_value(cls.importance, "Test Later", valid_from="2999-01-01")
        cls.foreign = cls.make_value(cls.importance, "Test Foreign", company_id=cls.other_company.id)
        cls.north = cls.make_value(cls.territory, "Test North")
        cls.harbour = cls.make_value(cls.territory, "Test Harbour", parent_id=cls.north.id)
        cls.old = cls.make_value(cls.tenure, "Test Old")

    @classmethod
    def set_up_type(cls, code, **vals):
        """Return the shipped type of that code, for everyone, never mandatory, with ``vals``."""
        dimension_type = cls.env.ref(f"customer_mgmt.partner_dimension_type_{code}")
        dimension_type.write(
            {
                "active": True,
                "mandatory": "never",
                "default_value_id": False,
                "edit_group_id": False,
                "company_id": False,
                "applies_to": "customer",
                **vals,
            }
        )
        return dimension_type

    @classmethod
    def make_value(cls, dimension_type, name, **vals):
        """Create a value; its code is made from the name."""
        return cls.Value.create({"type_id": dimension_type.id, "name": name, **vals})

    @contextlib.contextmanager
    def refused(self, message, error=UserError):
        """Expect a refusal that matches ``message``, with everything rolled back as at the end of a request."""
        with self.assertRaises(error) as caught:
            yield
        self.assertRegex(caught.exception.args[0], message)

    def history(self, partner, dimension_type=None):
        """Return [(value, source, reason, whether it holds now)] of a partner, in order of time."""
        self.env.invalidate_all()
        dimension_type = dimension_type or self.importance
        entries = partner.sudo().dimension_assignment_ids.filtered(lambda entry: entry.type_id == dimension_type)
        return [
            (entry.value_id, entry.source, entry.reason or "", not entry.until)
            for entry in entries.sorted(lambda entry: (entry.since, entry.id))
        ]

    def give_by_rule(self, partner, value):
        """Give the value as a rule does."""
        [dimension] = [d for d in self.Partner._dimensions_of() if d.id == value.type_id.id]
        wanted = SQL("SELECT %s AS partner_id, %s AS value_id", partner.id, value.id)
        self.Partner._apply_dimension(dimension, wanted, "rule", {value.id: "By rule"})
        self.env.invalidate_all()
