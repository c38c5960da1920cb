import { mailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { press, queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    defineParams,
    fields,
    MockServer,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

const KINDS = [
    ["follow_up", "Follow-up"],
    ["message", "Message"],
    ["note", "Internal Note"],
    ["meeting", "Meeting"],
];

class Topic extends models.Model {
    _name = "partner.follow.up.topic";

    name = fields.Char();

    _records = [{ id: 1, name: "Sales" }];
}

class Method extends models.Model {
    _name = "partner.follow.up.method";

    name = fields.Char();
}

class Timeline extends models.Model {
    _name = "partner.timeline";

    partner_id = fields.Many2one({ relation: "res.partner" });
    contact_id = fields.Many2one({ relation: "res.partner" });
    user_id = fields.Many2one({ relation: "res.users" });
    topic_id = fields.Many2one({ relation: "partner.follow.up.topic", groupable: true });
    method_id = fields.Many2one({ relation: "partner.follow.up.method" });
    date = fields.Datetime();
    kind = fields.Selection({ selection: KINDS, groupable: true });
    direction = fields.Selection({ selection: [["in", "In"], ["out", "Out"]] });
    outcome = fields.Selection({ selection: [["reached", "Reached"]] });
    state = fields.Selection({ selection: [["done", "Done"], ["cancelled", "Cancelled"]] });
    title = fields.Char();
    content = fields.Char();
    need_change = fields.Char();

    _order = "date DESC, id DESC";
    _records = [
        { id: 4, date: "2026-03-04 08:00:00", kind: "follow_up", topic_id: 1, content: "Wants", outcome: "reached" },
        { id: 5, date: "2026-03-05 08:00:00", kind: "message", content: "Our offer", direction: "out" },
        { id: 9, date: "2026-03-09 08:00:00", kind: "note", content: "Ask the boss" },
    ].map((row) => ({ partner_id: 50, ...row }));
}

class ResPartner extends mailModels.ResPartner {
    commercial_partner_id = fields.Many2one({ relation: "res.partner" });

    _records = [
        ...mailModels.ResPartner._records,
        { id: 50, name: "Acme", commercial_partner_id: 50 },
        { id: 51, name: "Ann", commercial_partner_id: 50 },
        { id: 52, name: "Nobody", commercial_partner_id: 52 },
    ];
}

defineParams({ suite: "customer_mgmt" }, "replace");
defineModels({ ...mailModels, ResPartner, Topic, Method, Timeline });

const CLOSE = { type: "ir.actions.act_window_close" };
const ROW = ".o_partner_timeline .list-group-item";
const FILTER = ".o_partner_timeline [role=toolbar] button";

/** Show the timeline on the form of a partner. */
async function mountTimeline(resId, { mayRecord = true } = {}) {
    onRpc("partner.follow.up", "has_access", () => mayRecord);
    return mountView({
        type: "form",
        resModel: "res.partner",
        resId,
        arch: `<form><field name="name"/><widget name="partner_timeline"/></form>`,
    });
}

const texts = () => queryAllTexts(`${ROW} .o_partner_timeline_text`);

test("everything of the company is there, newest first, on its persons too", async () => {
    await mountTimeline(51);
    expect(texts()).toEqual(["Ask the boss", "Our offer", "Wants"]);
    expect(queryAllTexts(FILTER)).toEqual(["All3", "Sales1", "Message1", "Internal Note1", "Open Timeline"]);
    expect(`${ROW}:last .badge:contains(Reached)`).toHaveCount(1);
});

test("a topic or a kind can be looked at alone", async () => {
    await mountTimeline(50);
    await contains(`${FILTER}:contains(Sales)`).click();
    expect(texts()).toEqual(["Wants"]);
    await contains(`${FILTER}:contains(Message)`).click();
    expect(texts()).toEqual(["Our offer"]);
    await contains(`${FILTER}:contains(All)`).click();
    expect(texts()).toHaveLength(3);
});

test("a page at a time", async () => {
    for (let id = 100; id < 125; id++) {
        Timeline._records.push({ id, partner_id: 50, kind: "message", date: "2026-01-01 08:00:00", content: `${id}` });
    }
    await mountTimeline(50);
    expect(ROW).toHaveCount(20);
    await contains("button:contains(Show More)").click();
    expect(ROW).toHaveCount(28);
    expect("button:contains(Show More)").toHaveCount(0);
});

test("a row opens its source, its button makes it a follow-up", async () => {
    onRpc("partner.timeline", "action_open_source", ({ args }) => {
        expect.step(`open ${args[0]}`);
        return CLOSE;
    });
    onRpc("partner.timeline", "action_record_follow_up", ({ args }) => {
        expect.step(`record ${args[0]}`);
        return CLOSE;
    });
    await mountTimeline(50);
    // Only what was written or met, not what is a follow-up already, and no notes.
    expect(`${ROW} button`).toHaveCount(1);
    await contains(`${ROW} button`).click();
    expect.verifySteps(["record 5"]);
    await contains(`${ROW}:first`).click();
    expect.verifySteps(["open 9"]);
});

test("a row that became a follow-up is shown as that, and what somebody types on the form stays", async () => {
    onRpc("partner.timeline", "action_record_follow_up", ({ args }) => {
        MockServer.env["partner.timeline"].write(args[0], { kind: "follow_up", topic_id: 1, content: "Recorded" });
        return CLOSE;
    });
    onRpc("partner.timeline", "web_search_read", () => expect.step("read"));
    await mountTimeline(50);
    expect.verifySteps(["read"]);
    await contains(`${FILTER}:contains(Message)`).click();
    await contains(".o_field_widget[name=name] input").edit("Acme & Sons");
    await contains(`${ROW} button`).click();
    await animationFrame();
    // Nothing of the chosen kind is left, so that everything is shown again.
    expect(texts()).toEqual(["Ask the boss", "Recorded", "Wants"]);
    expect(queryAllTexts(FILTER)).toEqual(["All3", "Sales2", "Internal Note1", "Open Timeline"]);
    expect(`${FILTER}.btn-primary`).toHaveText(/All/);
    expect(".o_field_widget[name=name] input").toHaveValue("Acme & Sons");
    expect.verifySteps(["read", "read", "read"]);
});

test("the tab follows what is recorded elsewhere on the form", async () => {
    onRpc("partner.timeline", "web_search_read", () => expect.step("read"));
    const form = await mountTimeline(50);
    expect.verifySteps(["read"]);
    const values = { partner_id: 50, date: "2026-03-10 08:00:00", kind: "note", content: "New" };
    MockServer.env["partner.timeline"].create(values);
    form.env.bus.trigger("CUSTOMER_MGMT:FOLLOW_UP_RECORDED");
    await animationFrame();
    await animationFrame();
    expect(texts()[0]).toBe("New");
    expect.verifySteps(["read"]);
});

test("rows are reached and opened by the keyboard", async () => {
    onRpc("partner.timeline", "action_open_source", ({ args }) => {
        expect.step(`open ${args[0]}`);
        return CLOSE;
    });
    onRpc("partner.timeline", "action_record_follow_up", ({ args }) => {
        expect.step(`record ${args[0]}`);
        return CLOSE;
    });
    await mountTimeline(50);
    queryFirst(ROW).focus();
    await press("Enter");
    await press("Space");
    expect.verifySteps(["open 9", "open 9"]);
    queryFirst(`${ROW} button`).focus();
    await press("Enter");
    expect.verifySteps(["record 5"]);
});

test("what people wrote is text, never part of the page", async () => {
    const nasty = `<img src="x" onerror="alert(1)"/>`;
    Timeline._records.push({
        id: 13, partner_id: 50, date: "2026-03-11 08:00:00", kind: "follow_up", content: nasty, title: nasty, need_change: nasty,
    }); // prettier-ignore
    await mountTimeline(50);
    expect(`.o_partner_timeline img`).toHaveCount(0);
    expect(texts()[0]).toBe(nasty);
});

test("who may not record is not asked to", async () => {
    await mountTimeline(50, { mayRecord: false });
    expect(`${ROW} button`).toHaveCount(0);
});

test("where nothing was said it tells what will be there", async () => {
    onRpc("res.partner", "action_record_follow_up", ({ args }) => {
        expect.step(`record ${args[0]}`);
        return CLOSE;
    });
    await mountTimeline(52);
    expect(".o_partner_timeline p").toHaveText(/appear here by themselves/);
    await contains(".o_partner_timeline button:contains(Record Follow-up)").click();
    expect.verifySteps(["record 52"]);
});

test("who may not record finds no button there either", async () => {
    await mountTimeline(52, { mayRecord: false });
    expect(".o_partner_timeline p").toHaveCount(1);
    expect(".o_partner_timeline button:contains(Record Follow-up)").toHaveCount(0);
});
