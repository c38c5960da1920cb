import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, expect, test } from "@odoo/hoot";
import { press, queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, Deferred, mockDate } from "@odoo/hoot-mock";
import { contains, defineParams, getService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

import "@customer_mgmt/work_home/work_home";

defineMailModels();
defineParams({ suite: "customer_mgmt" }, "replace");

const HOME = { type: "ir.actions.client", tag: "customer_mgmt.work_home", name: "My Day" };
const ANN = { id: 7, name: "Ann's Shop", phone: "+86 138-0000 0000", refused: false };
const BOB = { id: 8, name: "Bob", phone: false, refused: false };
const CAT = { id: 9, name: "Cat & Co", phone: "010 12345", refused: "Do not contact by Phone: Cat & Co." };

function step(id, partner, when, what) {
    return {
        key: `step-${id}`,
        partner,
        when,
        what,
        record: { model: "partner.follow.up.step", method: "action_record", ids: [id], context: {} },
        open: { model: "res.partner", id: partner.id },
    };
}

const SECTIONS = [
    {
        key: "overdue",
        title: "Overdue",
        decoration: "danger",
        empty: "Nothing is overdue.",
        count: 40,
        rows: [step(1, ANN, "2026-03-03 02:00:00", "Call about the offer"), step(2, CAT, "2026-03-04", "Visit")],
        action: { xmlid: "customer_mgmt.steps", context: { search_default_overdue: 1 } },
    },
    { key: "drafts", title: "To Complete", is_hidden_empty: true, count: 0, rows: [] },
    { key: "today", title: "Due Today", empty: "Nothing more for today.", count: 0, rows: [] },
    { key: "extra", title: "Of Another Addon", count: 1, rows: [step(3, BOB, "2026-03-05 08:30:00", "")] },
    {
        key: "numbers",
        title: "My Numbers",
        place: "side",
        numbers: [
            {
                key: "week",
                label: "Contacts this week",
                value: 12,
                previous: 9,
                before: "last week",
                help: "Formula",
                rows: { model: "res.partner", method: "open_number" },
            },
            { key: "reach", label: "Reach", value: 50, previous: 75, unit: "%", before: "last week", help: "" },
            { key: "on_time", label: "On time", value: null, previous: 80, unit: "%", before: "last week", help: "" },
        ],
    },
];

/** Answer with ``sections``, as they are when the page asks. */
function answer(sections) {
    const server = { sections };
    onRpc("res.partner", "get_work_home", () => {
        expect.step("get_work_home");
        return { sections: server.sections };
    });
    return server;
}

async function openHome() {
    await mountWithCleanup(WebClient);
    await getService("action").doAction(HOME);
    await animationFrame();
}

beforeEach(() => mockDate("2026-03-05 06:00:00", 0));

test("sections stand in the order of the server, with their rows, figures and empty texts", async () => {
    answer(SECTIONS);
    await openHome();
    expect.verifySteps(["get_work_home"]);
    expect(queryAllTexts(".o_work_home h5")).toEqual(["Overdue", "Due Today", "Of Another Addon", "My Numbers"]);
    expect(".o_work_home_overdue .badge").toHaveText("40");
    expect(".o_work_home_today .card-body").toHaveText("Nothing more for today.");
    expect(queryAllTexts(".o_work_home_overdue .o_work_home_what")).toEqual(["Call about the offer", "Visit"]);
    expect(queryAllTexts(".o_work_home_overdue li .small:not(.o_work_home_what)")).toEqual(["2 days ago", "Yesterday"]);
    expect(".o_work_home_extra li .small").toHaveText("08:30");
    expect(queryAllTexts(".o_work_home_number .fs-2")).toEqual(["12", "50 %", "—"]);
    expect(queryAllTexts(".o_work_home_number .fs-2 + .small")).toEqual([
        "+3 · last week 9",
        "−25 points · last week 75 %",
        "last week 80 %",
    ]);
    expect(".o_work_home_number:first").toHaveAttribute("data-tooltip", "Formula");
});

test("one tap calls, and whoever refuses telephone calls is marked", async () => {
    answer(SECTIONS);
    await openHome();
    expect("[data-key=step-1] .o_work_home_call").toHaveAttribute("href", "tel:+8613800000000");
    expect("[data-key=step-2] .o_work_home_call").toHaveAttribute("title", CAT.refused);
    expect("[data-key=step-2] .o_work_home_call .fa-ban").toHaveCount(1);
    expect("[data-key=step-3] .o_work_home_call").toHaveCount(0);
    expect.verifySteps(["get_work_home"]);
});

test("one tap opens the dialog of the step; when it closes the page is asked for anew", async () => {
    const server = answer(SECTIONS);
    onRpc("partner.follow.up.step", "action_record", ({ args }) => {
        expect.step(`record ${args[0]}`);
        return { type: "ir.actions.client", tag: "customer_mgmt.work_home", name: "Dialog", target: "new" };
    });
    await openHome();
    await contains("[data-key=step-1] .o_work_home_record").click();
    await animationFrame();
    expect(".modal").toHaveCount(1);
    expect.verifySteps(["get_work_home", "record 1", "get_work_home"]);

    server.sections = [{ ...SECTIONS[0], count: 1, rows: SECTIONS[0].rows.slice(1) }];
    await contains(".modal .btn-close").click();
    await animationFrame();
    expect.verifySteps(["get_work_home"]);
    expect(queryAllTexts(".o_work_home_open .fw-bold")).toEqual(["Cat & Co"]);
    expect("[data-key=step-2] .o_work_home_record").toBeFocused();
});

test("a tap on the row opens the customer, See All the list behind the section", async () => {
    answer(SECTIONS);
    await openHome();
    const action = getService("action");
    const opened = [];
    action.doAction = (request, options) =>
        opened.push(request.res_model ? [request.res_model, request.res_id] : [request, options.additionalContext]);
    await contains("[data-key=step-1] .o_work_home_open").click();
    await contains(".o_work_home_overdue .card-header button").click();
    expect(opened).toEqual([
        ["res.partner", 7],
        ["customer_mgmt.steps", { search_default_overdue: 1 }],
    ]);
    expect(".o_work_home_extra .card-header button").toHaveCount(0);
    expect.verifySteps(["get_work_home"]);
});

test("a figure opens what it counts, and what it counted before", async () => {
    answer(SECTIONS);
    onRpc("res.partner", "open_number", ({ args }) => {
        expect.step(args);
        return { type: "ir.actions.act_window_close" };
    });
    await openHome();
    await contains("[data-key=week] .o_work_home_figure").click();
    await contains("[data-key=week] .o_work_home_figure_before").click();
    expect("[data-key=week] .o_work_home_figure").toHaveAttribute("aria-label", "Contacts this week: 12");
    // One of an addon that says nothing about its rows.
    expect("[data-key=reach] .o_work_home_figure").not.toBeEnabled();
    expect.verifySteps(["get_work_home", ["week", false], ["week", true]]);
});

test("the arrow keys go from customer to customer", async () => {
    answer(SECTIONS);
    await openHome();
    queryFirst(".o_work_home_open").focus();
    await press("ArrowDown");
    expect("[data-key=step-2] .o_work_home_open").toBeFocused();
    await press("ArrowDown");
    expect("[data-key=step-3] .o_work_home_open").toBeFocused();
    await press("ArrowDown");
    await press("ArrowUp");
    expect("[data-key=step-2] .o_work_home_open").toBeFocused();
    expect.verifySteps(["get_work_home"]);
});

test("the page stands while the server is thinking", async () => {
    const thinking = new Deferred();
    onRpc("res.partner", "get_work_home", () => thinking);
    await openHome();
    expect(".o_work_home_loading").toHaveCount(1);
    expect("[aria-label=Refresh]").toHaveAttribute("disabled");
    thinking.resolve({ sections: SECTIONS });
    await animationFrame();
    await animationFrame();
    expect(".o_work_home_loading").toHaveCount(0);
    expect(".o_work_home section").toHaveCount(4);
});

test("whoever comes back after a while finds the page as it is now", async () => {
    const server = answer(SECTIONS);
    await openHome();
    window.dispatchEvent(new Event("focus"));
    await animationFrame();
    expect.verifySteps(["get_work_home"]);

    server.sections = SECTIONS.slice(0, 1);
    await advanceTime(6 * 60 * 1000);
    window.dispatchEvent(new Event("focus"));
    await animationFrame();
    await animationFrame();
    expect.verifySteps(["get_work_home"]);
    expect(".o_work_home section").toHaveCount(1);
});
