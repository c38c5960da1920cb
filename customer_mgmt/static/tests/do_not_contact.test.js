import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import { Component, useState, xml } from "@odoo/owl";
import { defineParams, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";

import { DoNotContactWarning } from "@customer_mgmt/do_not_contact/do_not_contact_warning";

defineMailModels();
defineParams({ suite: "customer_mgmt" }, "replace");

class Parent extends Component {
    static template = xml`<DoNotContactWarning thread="{ model: 'res.partner', id: 7 }" recipients="state.recipients"/>`;
    static components = { DoNotContactWarning };
    static props = ["*"];

    setup() {
        this.state = useState({ recipients: [{ partner_id: 1 }, { email: "unknown@example.com" }] });
    }
}

test("whoever refuses e-mail is named below the recipients, and asked about once", async () => {
    onRpc("res.partner", "get_contact_warning", ({ args, kwargs }) => {
        expect.step([...args, kwargs.thread_model, kwargs.thread_id].flat().join(" "));
        return args[1].includes(2) && "Do not contact by E-mail: Ann.";
    });
    const parent = await mountWithCleanup(Parent);
    await animationFrame();
    expect.verifySteps(["email 1 res.partner 7"]);
    expect(".o_do_not_contact").toHaveCount(0);

    parent.state.recipients = [{ partner_id: 1 }, { partner_id: 2 }];
    await animationFrame();
    await animationFrame();
    expect.verifySteps(["email 1 2 res.partner 7"]);
    expect(".o_do_not_contact").toHaveText("Do not contact by E-mail: Ann.");

    parent.state.recipients = [{ partner_id: 1 }, { partner_id: 2 }];
    await animationFrame();
    expect.verifySteps([]);

    parent.state.recipients = [{ partner_id: 1 }];
    await animationFrame();
    await animationFrame();
    expect(".o_do_not_contact").toHaveCount(0);
    expect.verifySteps(["email 1 res.partner 7"]);
});
