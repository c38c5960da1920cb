import { mailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { runAllTimers } from "@odoo/hoot-mock";
import {
    clickFieldDropdownItem,
    contains,
    defineModels,
    defineParams,
    fields,
    makeServerError,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

const QUICK_FORM = "customer_mgmt.res_partner_view_form_customer_quick";

class ResPartner extends mailModels.ResPartner {
    _views = {
        form: `<form class="o_usual_form"><field name="name"/></form>`,
        [`form,${QUICK_FORM}`]: `<form class="o_quick_form"><field name="name"/></form>`,
    };
}

class Order extends models.Model {
    _name = "order";

    name = fields.Char();
    code = fields.Char();
    customer_required_fields = fields.Json();
    partner_id = fields.Many2one({ relation: "res.partner" });
    partner_ids = fields.Many2many({ relation: "res.partner" });

    _records = [{ id: 1, name: "Order", customer_required_fields: ["code"] }];
}

defineParams({ suite: "customer_mgmt" }, "replace");
defineModels({ ...mailModels, ResPartner, Order });

/**
 * Choose "Create and edit..." in a drop-down of partners, and return the defaults the dialog asked the server for.
 */
async function createPartner({ context = "{}", member = true, field = "partner_id", name = "Acme" } = {}) {
    let defaults;
    onRpc("has_group", ({ args }) => member || args[1] !== "customer_mgmt.group_customer_own");
    onRpc("res.partner", "onchange", ({ kwargs }) => {
        defaults = kwargs.context;
    });
    const widget = field === "partner_ids" ? `widget="many2many_tags"` : "";
    await mountView({
        type: "form",
        resModel: "order",
        arch: `<form><field name="${field}" ${widget} context="${context}"/></form>`,
    });
    await contains(`.o_field_widget[name=${field}] input`).edit(name, { confirm: false });
    await runAllTimers();
    await clickFieldDropdownItem(field, "Create and edit...");
    await contains(".modal .o_form_view").click();
    return defaults;
}

test("a drop-down of customers creates them with the short form, as prospects", async () => {
    const defaults = await createPartner({ context: "{'res_partner_search_mode': 'customer'}" });
    expect(".modal .o_quick_form").toHaveCount(1);
    expect(".modal .o_field_widget[name=name] input").toHaveValue("Acme");
    expect(defaults.default_customer_status).toBe("prospect");
});

test("so does one that only says the status, and a field of several customers", async () => {
    const defaults = await createPartner({
        context: "{'default_customer_status': 'prospect'}",
        field: "partner_ids",
    });
    expect(".modal .o_quick_form").toHaveCount(1);
    expect(defaults.default_customer_status).toBe("prospect");
});

test("the document's own form and defaults are kept", async () => {
    const defaults = await createPartner({
        context: "{'res_partner_search_mode': 'customer', 'default_city': 'Basel', 'form_view_ref': false}",
    });
    expect(".modal .o_usual_form").toHaveCount(1);
    expect(defaults.default_city).toBe("Basel");
});

test("suppliers and other partners are created as ever", async () => {
    const defaults = await createPartner({ context: "{'res_partner_search_mode': 'supplier'}" });
    expect(".modal .o_usual_form").toHaveCount(1);
    expect(defaults).not.toInclude("default_customer_status");
});

test("whoever does not work in the customer file notices nothing", async () => {
    const defaults = await createPartner({
        context: "{'res_partner_search_mode': 'customer'}",
        member: false,
    });
    expect(".modal .o_usual_form").toHaveCount(1);
    expect(defaults).not.toInclude("default_customer_status");
});

test("a refused quick creation opens the short form", async () => {
    onRpc("has_group", () => true);
    onRpc("res.partner", "name_create", () => {
        throw makeServerError({ type: "ValidationError" });
    });
    await mountView({
        type: "form",
        resModel: "order",
        arch: `<form><field name="partner_id" context="{'default_customer_status': 'prospect'}"/></form>`,
    });
    await contains(".o_field_widget[name=partner_id] input").edit("Acme", { confirm: false });
    await runAllTimers();
    await clickFieldDropdownItem("partner_id", 'Create "Acme"');
    expect(".modal .o_quick_form").toHaveCount(1);
});

test("fields that the customer requires have an asterisk and stop the save only where the view says so", async () => {
    await mountView({
        type: "form",
        resModel: "order",
        resId: 1,
        arch: `
            <form>
                <field name="customer_required_fields" invisible="1"/>
                <field name="name" required="'name' in (customer_required_fields or [])"/>
                <field name="code" required="'code' in (customer_required_fields or [])"/>
            </form>`,
    });
    expect("[name=code].o_customer_required.o_required_modifier").toHaveCount(1);
    expect("[name=name].o_customer_required").toHaveCount(0);
    expect("[name=name].o_required_modifier").toHaveCount(0);
    await contains("[name=name] input").edit("Changed");
    await contains(".o_form_button_save").click();
    expect("[name=code]").toHaveClass("o_field_invalid");
});
