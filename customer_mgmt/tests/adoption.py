"""What the tests of adoption share."""

from odoo.fields import Command

from .common import CustomerCase

PAST = "2026-01-{:02} 08:00:00"  # partners of the tests are made on these days, in an order of its own


class AdoptionCase(CustomerCase):
    """Partners with a tag, made on certain days of the past, and the job that adopts them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tag, cls.other_tag = cls.env["res.partner.category"].create([{"name": "To Adopt"}, {"name": "Not"}])
        cls.below = cls.env["res.partner.category"].create({"name": "Below", "parent_id": cls.tag.id})
        tagged_ = {"category_id": [Command.set(cls.tag.ids)], "is_company": True}
        cls.young = cls.Partner.create({"name": "Young", "user_id": cls.user.id, **tagged_})
        cls.old = cls.Partner.create({"name": "Old", **tagged_})
        cls.middle = cls.Partner.create({"name": "Middle", "company_id": cls.other_company.id, **tagged_})
        cls.shopper = cls.Partner.create({"name": "Shopper", "category_id": [Command.set(cls.below.ids)]})
        cls.by_contact = cls.Partner.create({"name": "By Contact", "is_company": True})
        cls.contact = cls.make_contact(cls.by_contact, category_id=[Command.set(cls.tag.ids)])
        cls.archived_contact = cls.make_contact(cls.old, active=False)
        cls.not_meant = cls.Partner.create({"name": "N", "category_id": [Command.set(cls.other_tag.ids)]})
        cls.known = cls.make_customer("Known", customer_category_id=cls.retail.id, **tagged_)
        cls.meant = cls.old | cls.middle | cls.young | cls.shopper | cls.by_contact
        cls.admin.company_ids += cls.other_company
        cls.made_on(cls.old, 1), cls.made_on(cls.middle, 2), cls.made_on(cls.young, 3)
        cls.made_on(cls.shopper, 4), cls.made_on(cls.by_contact | cls.contact | cls.archived_contact, 5)
        cls.job = cls.env.ref("customer_mgmt.ir_cron_adopt_customers")

    @classmethod
    def made_on(cls, partners, day):
        """Let ``partners`` be created and last changed on that day of the past."""
        partners.flush_recordset()
        query = "UPDATE res_partner SET create_date = %s, write_date = %s WHERE id IN %s"
        cls.env.cr.execute(query, [PAST.format(day), PAST.format(day), tuple(partners.ids)])
        partners.invalidate_recordset()

    def adoption(self, **vals):
        """Make an adoption of the partners with our tag, by the administrator of customers."""
        vals = {"preset": "tags", "tag_ids": [Command.set(self.tag.ids)], **vals}
        return self.env["customer.adoption"].with_user(self.admin).create(vals)

    def run_job(self):
        """Run the job as Odoo does."""
        with self.enter_registry_test_mode():
            self.job.method_direct_trigger()
        self.env.invalidate_all()

    def adopt(self, **vals):
        """Start an adoption, let the job do it, and return it."""
        adoption = self.adoption(**vals)
        adoption.action_start()
        self.run_job()
        return adoption

    def adopted_among(self, partners):
        """Return those of ``partners`` that are customers with a number."""
        return partners.filtered(lambda partner: partner.customer_status and partner.customer_number)
