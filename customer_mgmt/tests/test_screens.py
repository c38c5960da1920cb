import ast

from lxml import etree

from odoo.fields import Domain
from odoo.tests import Form, tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestScreens(CustomerCase):
    """The app's actions, views and settings say the same as the models."""

    def test_action_shows_the_customers(self):
        """The list of the app uses the one definition of a customer."""
        action = self.env.ref("customer_mgmt.res_partner_action_customer")
        domain = Domain(ast.literal_eval(action.domain))
        customers = self.Partner._customer_domain()
        self.assertEqual(domain.optimize(self.Partner), customers.optimize(self.Partner))

    def test_views_of_the_action(self):
        """Each kind of view is the customer's own, on top of Odoo's, so that other addons' fields stay reachable."""
        for view_type in ("list", "kanban", "form"):
            view = self.env.ref(f"customer_mgmt.res_partner_view_{view_type}_customer")
            self.assertEqual((view.mode, view.inherit_id.model), ("primary", "res.partner"))
            arch = self.Partner.with_user(self.user).get_view(view.id, view_type)["arch"]
            self.assertTrue(etree.fromstring(arch).xpath("//field[@name='customer_status']"), view_type)

    def test_at_most_eight_columns(self):
        """The list shows at most eight columns beside the picture unless the user asks for more."""
        self.assertFewColumns("customer_mgmt.res_partner_view_list_customer")

    def test_form_of_an_outsider(self):
        """Odoo's partner form works for someone without our groups, and shows nothing of ours but in the file."""
        arch = self.Partner.with_user(self.outsider).get_view(self.env.ref("base.view_partner_form").id, "form")["arch"]
        self.assertNotIn("action_open_customer_form", arch)

    def test_contact_opens_the_company(self):
        """From a contact the button leads to the customer, in the customer's own form."""
        customer = self.make_customer()
        action = self.make_contact(customer).action_open_customer_form()
        form = self.env.ref("customer_mgmt.res_partner_view_form_customer")
        self.assertEqual((action["res_id"], action["views"]), (customer.id, [(form.id, "form")]))

    def test_settings_change_the_next_number(self):
        """An administrator chooses prefix and digits; the next customer shows them."""
        with Form(self.env["res.config.settings"]) as settings:
            settings.shared_customer_number_prefix = "KD"
            settings.shared_customer_number_padding = 4
            settings.customer_number_prefix = "OWN"
        settings.record.execute()
        self.assertRegex(self.make_customer().customer_number, r"^KD\d{4}$")
        self.assertRegex(self.make_customer(company_id=self.env.company.id).customer_number, r"^OWN\d{6}$")
