import { click, contains, mailModels, openFormView, start, startServer } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { defineModels, defineParams, mockService, onRpc } from "@web/../tests/web_test_helpers";

class ResUsers extends mailModels.ResUsers {
    static mayRecord = true;

    _init_store_data(store) {
        super._init_store_data(...arguments);
        store.add({ can_record_follow_up: ResUsers.mayRecord });
    }
}

describe.current.tags("desktop");
defineParams({ suite: "customer_mgmt" }, "replace");
defineModels({ ...mailModels, ResUsers });

const MENU = ".o-mail-Message [title='Expand']";
const ITEM = "[name='record-follow-up']";

/** Open a partner with one message in its chatter. */
async function openMessage({ mayRecord = true, subtype = "mail.mt_comment", ...values } = {}) {
    ResUsers.mayRecord = mayRecord;
    const pyEnv = await startServer();
    const partnerId = pyEnv["res.partner"].create({ name: "Ann" });
    const [subtypeId] = pyEnv["mail.message.subtype"].search([["subtype_xmlid", "=", subtype]]);
    const messageId = pyEnv["mail.message"].create({
        author_id: partnerId,
        body: "We take three.",
        message_type: "comment",
        model: "res.partner",
        res_id: partnerId,
        subtype_id: subtypeId,
        ...values,
    });
    await start();
    await openFormView("res.partner", partnerId);
    await contains(".o-mail-Message");
    return messageId;
}

test("a message becomes a follow-up with one click", async () => {
    mockService("action", {
        doAction(action) {
            if (action.tag === "display_notification") {
                expect.step("told");
            }
            return super.doAction(...arguments);
        },
    });
    const messageId = await openMessage();
    onRpc("mail.message", "action_record_follow_up", ({ args }) => {
        expect.step(`recorded ${args[0][0] === messageId}`);
        return { type: "ir.actions.client", tag: "display_notification", params: { message: "Recorded" } };
    });
    await click(MENU);
    await click(ITEM);
    await contains(".o_notification", { text: "Recorded" });
    expect.verifySteps(["recorded true", "told"]);
});

test("an e-mail of a customer can become one, too", async () => {
    await openMessage({ message_type: "email" });
    await click(MENU);
    await contains(ITEM);
});

for (const [title, values] of [
    ["an internal note", { subtype: "mail.mt_note" }],
    ["a message, to whoever records no follow-ups,", { mayRecord: false }],
]) {
    test(`${title} is not offered as a follow-up`, async () => {
        await openMessage(values);
        await click(MENU);
        await contains(".o-mail-Message-moreMenu [name='copy-link']");
        await contains(ITEM, { count: 0 });
    });
}

test("a notification is not offered as a follow-up", async () => {
    await openMessage({ message_type: "notification" });
    // So few actions that all of them stand beside the message.
    await contains(".o-mail-Message [name='copy-link']");
    await contains(ITEM, { count: 0 });
});
