"""Adopting customers while others work on the same partners, in real transactions; and what other apps' data adopts."""

import threading
from unittest.mock import patch

import pytest

from odoo.api import SUPERUSER_ID, Environment

from odoo.addons.customer_mgmt.models import customer_adoption_job

from tests.neighbours import harness
from tests.support.transactions import registry_with_commits, transaction

COUNT = 200
# Rows that contradict each other after an adoption: must be none.
FAULTS = """
    SELECT partner.id FROM res_partner partner JOIN res_partner entity ON entity.id = partner.commercial_partner_id
      LEFT JOIN partner_ownership ownership ON ownership.partner_id = partner.id AND ownership.until IS NULL
     WHERE partner.customer_status IS DISTINCT FROM entity.customer_status
        OR (partner.id = entity.id AND partner.customer_status IS NOT NULL)
           IS DISTINCT FROM (partner.customer_number IS NOT NULL)
        OR (partner.customer_number IS NOT NULL) IS DISTINCT FROM (ownership.id IS NOT NULL)
        OR (ownership.id IS NOT NULL AND ownership.user_id IS DISTINCT FROM partner.user_id)
"""


@pytest.fixture(scope="module")
def registry(enable_odoo_test_flag):
    """The registry of a database with our addons and many of Odoo's; not in Odoo's test mode, so commits are real."""
    with harness.with_us(harness.template()) as name, registry_with_commits(name) as registry:
        yield registry


@pytest.fixture
def env(registry):
    """The environment of the test itself."""
    with transaction(registry) as env:
        yield env


class Work:
    """A tag with partners of the test, and an adoption of them that has been started."""

    def __init__(self, env, count=COUNT):
        self.env = env
        Tag = env["res.partner.category"]
        tag = Tag.search([("name", "=", "To adopt")]) or Tag.create({"name": "To adopt"})
        tag.partner_ids = False
        names = [f"{number:03d}" for number in range(count)]
        common = {"category_id": [(6, 0, tag.ids)], "is_company": True}
        self.partners = env["res.partner"].create([{"name": name, **common} for name in names])
        self.contacts = env["res.partner"].create([{"name": "C", "parent_id": p.id} for p in self.partners])
        env.flush_all()
        # The younger the id, the older the partner: only their age can explain the order of numbers.
        query = (
            "UPDATE res_partner SET create_date = timestamp '2026-01-01' - id * interval '1 hour' WHERE id = ANY(%s)"
        )
        env.cr.execute(query, [self.partners.ids])
        admin = env.ref("base.user_admin")
        self.adoption = env["customer.adoption"].with_user(admin).create({"preset": "tags", "tag_ids": tag.ids})
        self.adoption.action_start()
        env.cr.commit()

    def run(self, env=None):
        """Run the job until it stops by itself, in the transaction of ``env``."""
        with patch.object(customer_adoption_job, "BATCH_SIZE", 10):
            (env or self.env)["customer.adoption"]._cron_adopt()
        self.env.cr.commit()
        self.env.invalidate_all()

    def left(self):
        """Return the partners that are no customers yet."""
        return self.partners.filtered(lambda partner: not partner.customer_status)

    def check(self):
        """Assert that all is done and consistent, with numbers by age."""
        assert self.adoption.state == "done" and self.adoption.done == len(self.partners)
        by_age = self.partners.sorted("id", reverse=True).mapped("customer_number")
        assert by_age == sorted(set(by_age)) and len(by_age) == len(self.partners)
        self.env.cr.execute(FAULTS)
        assert not self.env.cr.fetchall()


@pytest.fixture
def work(env):
    """Partners to adopt; what a failed test leaves of them does not run on in the next one."""
    work = Work(env)
    yield work
    env.cr.rollback()
    work.adoption.action_stop()
    env.cr.commit()


def test_locked_partners_come_later(registry, work):
    """A partner that somebody is changing, or whose contact is being changed, is left out and taken the next time."""
    first, second = work.partners[:2]
    with transaction(registry) as other:
        changed = other["res.partner"].browse((first | work.contacts[1]).ids)
        changed.write({"ref": "Being typed"})
        other.flush_all()
        work.run()
        assert work.left() == first | second and work.adoption.state == "running"
        other.cr.commit()
    work.run()
    assert not work.left() and work.adoption.state == "done"
    assert first.ref == "Being typed" and first.customer_number and work.contacts[1].customer_status == "active"


def test_others_go_on_meanwhile(registry, work):
    """While a step is under way others add contacts and orders to its partners, and save those outside of it."""
    step = work.partners[:10]
    assert work.adoption.sudo()._adopt_step(step.ids) == 10
    with transaction(registry) as other:
        other.cr.execute("SET lock_timeout = '1s'")
        contact = other["res.partner"].create({"name": "N", "parent_id": step[0].id})
        order = other["sale.order"].create({"partner_id": step[1].id})
        other["res.partner"].browse(work.partners[10].id).name = "Outside"
        other.flush_all()
        other.cr.commit()
    work.env.cr.commit()
    assert not work.env["res.partner"].browse(contact.id).customer_status
    assert order.id
    work.run()
    work.env.invalidate_all()
    # Its company was no customer yet for whoever saved it; the end of the adoption looks for such contacts.
    assert work.env["res.partner"].browse(contact.id).customer_status == "active"


def test_somebody_was_faster(registry, work):
    """A step during which others save its partners is taken back and done again, without an error in the log."""
    adoption = type(work.adoption)
    lock, disturbed = adoption._lock_running, []

    def lock_and_disturb(record):
        """Save a partner of the step just after the step has begun to look, once."""
        result = lock(record)
        if not disturbed:
            disturbed.append(True)
            with transaction(registry) as other:
                other["res.partner"].browse(work.partners[-1].id).ref = "Faster"
                other.flush_all()
                other.cr.commit()
        return result

    with patch.object(adoption, "_lock_running", lock_and_disturb):
        work.run()
    assert not work.left() and work.partners[-1].ref == "Faster"
    assert work.adoption.state == "done" and work.adoption.done == COUNT


def test_two_jobs_at_once(registry, work):
    """Two workers share the work: every customer has one number, by age, and one open row of ownership."""
    problems = []

    def job():
        """Run the job as another worker does."""
        try:
            with registry.cursor() as cr:
                Environment(cr, SUPERUSER_ID, {})["customer.adoption"]._cron_adopt()
        except Exception as error:
            problems.append(error)

    with patch.object(customer_adoption_job, "BATCH_SIZE", 10):
        threads = [threading.Thread(target=job) for _worker in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not problems
    work.env.cr.commit()
    work.run()
    work.check()


def test_stop_during_a_step(registry, work):
    """Stop waits for the step that is under way, never fails, and nothing is adopted after it."""
    assert work.adoption.sudo()._adopt_step(work.partners[-10:].ids) == 10
    stopped = threading.Event()

    def stop():
        """Press the button as the administrator, in a transaction of its own."""
        with registry.cursor() as cr:
            adoption = Environment(cr, work.adoption.env.uid, {})["customer.adoption"].browse(work.adoption.id)
            adoption.action_stop()
        stopped.set()

    thread = threading.Thread(target=stop)
    thread.start()
    assert not stopped.wait(0.5)
    work.env.cr.commit()
    thread.join()
    assert stopped.is_set()
    work.run()
    assert work.adoption.state == "stopped" and work.adoption.done == 10 and len(work.left()) == COUNT - 10
    work.adoption.action_start()
    work.run()
    work.check()


def test_conditions_of_other_apps(env):
    """Where sales and invoicing are installed, partners with confirmed orders or with a customer rank are offered."""
    Partner = env["res.partner"]
    other_company = env["res.company"].create({"name": "Other"})
    ordered, quoted, elsewhere, company, ranked = Partner.create(
        [{"name": name, "is_company": True} for name in ("Ordered", "Quoted", "Elsewhere", "By Contact", "Ranked")]
    )
    contact = Partner.create({"name": "Buyer", "parent_id": company.id})
    ranked.customer_rank = 1
    orders = env["sale.order"].create([{"partner_id": p.id} for p in (ordered, quoted, contact)])
    orders |= env["sale.order"].with_company(other_company).create({"partner_id": elsewhere.id})
    (orders - orders[1]).action_confirm()
    admin = env.ref("base.user_admin")
    Adoption = env["customer.adoption"].with_user(admin)
    presets = [key for key, _label in Adoption._selection_preset()]
    assert presets == ["customer_rank", "sale_order", "tags", "domain"]
    mine = ordered | quoted | elsewhere | company | ranked
    found = {key: set(mine.ids) & set(Adoption.create({"preset": key})._query_to_adopt()) for key in presets[:2]}
    assert found == {"customer_rank": {ranked.id}, "sale_order": {ordered.id, company.id}}
    admin.company_ids += other_company
    wide = Adoption.create({"preset": "sale_order"})
    narrow = Adoption.create({"preset": "sale_order", "company_id": other_company.id})
    assert elsewhere.id in set(wide._query_to_adopt()) and ordered.id not in set(narrow._query_to_adopt())
    # Whoever adopts customers need not be allowed to see orders.
    clerk = env["res.users"].create(
        {"name": "Clerk", "login": "clerk", "group_ids": [(6, 0, env.ref("customer_mgmt.group_customer_admin").ids)]}
    )
    assert not clerk.has_group("sales_team.group_sale_salesman")
    assert Adoption.with_user(clerk).create({"preset": "sale_order"}).to_adopt_count >= 2
