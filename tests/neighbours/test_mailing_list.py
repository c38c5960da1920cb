"""Segments handed to mailing lists of Odoo's Email Marketing, which our addons do not need."""

import pytest

from odoo.exceptions import AccessError, UserError

from tests.support import databases
from tests.support.transactions import registry_with_commits

LIST, CONTACT = "mailing.list", "mailing.contact"
CITY = "Segmentville"


@pytest.fixture(scope="module")
def registry(enable_odoo_test_flag):
    """The registry of a database with Email Marketing and our addon; loading it must not begin to look for tests."""
    source = databases.template("mailing", "customer_mgmt,mass_mailing")
    with databases.copy_of(source) as database, registry_with_commits(database) as registry:
        yield registry


def address(name):
    """Return the address of the customer ``name``."""
    return f"{name}@segment.example.com"


@pytest.fixture
def segment(env):
    """A segment: two with an address, one without, two who share one, one who is blocked, one of the salesperson's."""
    emails = {"Ann": "Ann <ANN@segment.example.com>", "Ben": address("ben"), "Cat": False, "Dan": address("dan")}
    emails |= {"Eve": "DAN@segment.example.com", "Fay": address("fay"), "Gus": address("gus")}
    env["res.partner"].create(
        [
            {"name": name, "email": email, "city": CITY, "is_company": True, "customer_status": "prospect"}
            for name, email in emails.items()
        ]
    )
    env["mail.blacklist"].create({"email": address("fay")})
    condition = repr([("city", "=", CITY)])
    return env["partner.segment"].create({"name": "Handed", "domain": condition, "company_id": False})


def make_user(env, login, *groups):
    """Create a user with ``groups`` (external ids)."""
    group_ids = [env.ref(group).id for group in groups]
    return env["res.users"].create({"name": login, "login": login, "group_ids": [(6, 0, group_ids)]})


@pytest.fixture
def marketer(env):
    """Someone who works with customers and with mailing lists."""
    return make_user(env, "marketer", "customer_mgmt.group_customer_own", "mass_mailing.group_mass_mailing_user")


def hand_over(segment, user, **vals):
    """Return the dialog after ``user`` has handed the segment over by it."""
    dialog = segment.env["partner.segment.mailing"].with_user(user).create({"segment_id": segment.id, **vals})
    action = dialog.action_hand_over()
    assert (action["res_model"], action["res_id"], dialog.state) == (dialog._name, dialog.id, "done")
    return dialog


def test_new_list(segment, marketer):
    """A new list gets every address once, without blocked ones, and the dialog says how many of what."""
    assert segment.with_user(marketer).can_hand_over
    dialog = hand_over(segment, marketer, new_name="Spring")
    assert dialog.list_ref.name == "Spring"
    assert set(dialog.list_ref.contact_ids.mapped("email_normalized")) == set(
        map(address, ("ann", "ben", "dan", "gus"))
    )
    assert (dialog.added, dialog.known, dialog.without_email, dialog.blocked, dialog.shared) == (4, 0, 1, 1, 1)
    assert dialog.action_open_list()["res_id"] == dialog.list_ref.id


def test_known_list(env, segment, marketer):
    """Who is known is linked, who is there stays, who left stays away; a second time adds nobody."""
    mailing_list, other = env[LIST].create([{"name": "Old"}, {"name": "Other"}])

    def contact(name, on):
        """Create a contact of mailings on the list ``on``."""
        return env[CONTACT].create({"name": name, "email": address(name).upper(), "list_ids": on.ids})

    known, there, left = contact("ann", other), contact("ben", mailing_list), contact("gus", mailing_list)
    left.subscription_ids.opt_out = True
    chosen = {"target": "known", "list_ref": f"{LIST},{mailing_list.id}"}
    dialog = hand_over(segment, marketer, **chosen)
    assert (dialog.added, dialog.known, len(mailing_list.contact_ids)) == (2, 2, 4)
    assert known | there | left <= mailing_list.contact_ids
    assert left.subscription_ids.opt_out
    assert env[CONTACT].search_count([("email_normalized", "=", address("ann"))]) == 1
    again = hand_over(segment, marketer, **chosen)
    assert (again.added, again.known, len(mailing_list.contact_ids)) == (0, 4, 4)


def test_rights(env, segment, marketer):
    """Without rights on mailing lists there is no button and nothing happens; others hand over whom they see."""
    salesperson = make_user(env, "salesperson", "customer_mgmt.group_customer_own")
    assert not segment.with_user(salesperson).can_hand_over
    with pytest.raises(AccessError), env.cr.savepoint():
        hand_over(segment, salesperson)
    segment.env["res.partner"].search([("email_normalized", "=", address("gus"))]).user_id = marketer
    env["ir.rule"]._set_customer_visibility("own")
    assert hand_over(segment, marketer).list_ref.contact_ids.mapped("email_normalized") == [address("gus")]


@pytest.mark.parametrize(
    ("vals", "message"),
    [({"target": "known"}, "none is chosen"), ({"target": "new", "new_name": " "}, "Name of the List: it is empty")],
)
def test_missing(segment, marketer, vals, message):
    """Without a list, or a name for one, nothing happens."""
    with pytest.raises(UserError, match=message):
        hand_over(segment, marketer, **vals)


def test_broken(env, segment, marketer):
    """A segment that is broken is not handed over but says why."""
    env.flush_all()
    env.cr.execute("UPDATE partner_segment SET domain = %s WHERE id = %s", ["[('gone', '=', 1)]", segment.id])
    env.invalidate_all()
    with pytest.raises(UserError, match="“Handed” cannot be used: there is no field “gone”"):
        hand_over(segment, marketer)
