"""What was said and what comes next, as salespeople record it and their leaders read it."""

from playwright.sync_api import expect

from tests.support.browser import PHONE, visitor

from .test_preferences import open_customer

DIALOG = ".modal .o_follow_up_dialog"


def fill_in(page, text, outcome):
    """Type what was said, and choose how it went."""
    page.locator(f"{DIALOG} [name=key_points] textarea").fill(text)
    page.locator(f"{DIALOG} [name=outcome] .o_selection_badge", has_text=outcome).click()


def save(person):
    """Save the dialog and wait until it is gone."""
    person.page.locator(".modal footer button[name=action_done]").click()
    expect(person.page.locator(DIALOG)).to_have_count(0)
    person.settle()


def test_record_a_call_and_finish_the_next_step(browser, server):
    """A call with a next step: it is planned on the customer and in the to-do list; done, the customer has no plan."""
    with visitor(browser, server, "admin") as person:
        page = person.page
        open_customer(person, "Northwind Machinery")
        page.locator("button[name=action_record_follow_up]").click()
        expect(page.locator(f"{DIALOG} [name=key_points] textarea")).to_be_focused()
        fill_in(page, "Wants an offer for three lathes", "Agreed")
        page.locator(f"{DIALOG} [name=next_date] input").fill("12/31/2099 10:00:00")
        page.keyboard.press("Tab")
        # More than a year away has to be confirmed.
        confirm = page.locator(f"{DIALOG} [name=next_far_confirmed] input")
        expect(confirm).to_be_visible()
        confirm.check()
        page.locator(f"{DIALOG} [name=next_plan] input").fill("Send the offer")
        save(person)
        strip = page.locator("[name=next_step]")
        expect(strip).to_contain_text("Send the offer")
        expect(strip).to_contain_text("On Track")
        expect(strip).to_contain_text("Agreed")
        activity = page.locator(".o-mail-Activity", has_text="Send the offer")
        expect(activity).to_be_visible()
        activity.locator(".o-mail-Activity-markDone, button", has_text="Mark Done").first.click()
        expect(page.locator(f"{DIALOG} [name=finished_step_id]")).to_contain_text("Send the offer")
        fill_in(page, "Received the offer and is glad", "Reached")
        save(person)
        expect(page.locator(".o-mail-Activity", has_text="Send the offer")).to_have_count(0)
        page.reload()
        person.settle()
        expect(page.locator("[name=next_step]")).not_to_contain_text("Send the offer")


def test_on_a_phone(browser, server):
    """At 390 pixels one tap on the card opens the dialog, in the text, over the whole screen."""
    with visitor(browser, server, "admin", viewport=PHONE) as person:
        page = person.page
        person.open("/odoo/customer-file")
        card = page.locator(".o_kanban_record", has_text="Northwind Machinery")
        card.locator("[name=action_record_follow_up]").first.click()
        expect(page.locator(f"{DIALOG} [name=key_points] textarea")).to_be_focused()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        # Too early: the dialog says what is missing and stays.
        page.locator(".modal footer button[name=action_done]").click()
        expect(page.locator(f"{DIALOG} .o_field_invalid[name=outcome]")).to_be_visible()
        fill_in(page, "Called back from the road", "Reached")
        save(person)


def test_screens(browser, server):
    """My day, the day-book, the timeline, the efficiency report and the dashboard open without an error."""
    with visitor(browser, server, "admin") as person:
        page = person.page
        for address in (
            "/odoo/team-day-book",
            "/odoo/action-customer_mgmt.partner_follow_up_action",
            "/odoo/action-customer_mgmt.partner_follow_up_step_action",
            "/odoo/action-customer_mgmt.partner_follow_up_report_action",
        ):
            person.open(address)
        page.goto("/odoo/my-day")
        expect(page.get_by_text("My Numbers").first).to_be_visible()
        open_customer(person, "Northwind Machinery", "Follow-ups")
        expect(page.get_by_text("Open Timeline").first).to_be_visible()
