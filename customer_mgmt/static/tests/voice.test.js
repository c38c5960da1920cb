import { mailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { contains, defineModels, defineParams, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

import { VoiceGraphModel } from "@customer_mgmt/voice/voice_graph_view";
import { VoicePivotModel } from "@customer_mgmt/voice/voice_pivot_view";

class Preference extends models.Model {
    _name = "preference";

    target = fields.Char({ groupable: true });
    strength = fields.Integer({ aggregator: "sum" });

    _records = [
        { id: 1, target: "Tea", strength: 2 },
        { id: 2, target: "Tea", strength: 1 },
        { id: 3, target: "Toys", strength: -1 },
    ];
    _views = { list: `<list><field name="target"/></list>` };
}

defineParams({ suite: "customer_mgmt" }, "replace");
defineModels({ ...mailModels, Preference });

const PIVOT = `
    <pivot js_class="voice_of_customer_pivot" display_quantity="1">
        <field name="target" type="row"/>
        <field name="strength" type="measure"/>
    </pivot>`;
const GRAPH = `<graph js_class="voice_of_customer_graph"><field name="target"/></graph>`;

/** Answer as the server does: without the figures of groups that `isFew` names. */
function withhold(isFew) {
    const withheld = (group, names) =>
        isFew(group) ? { ...group, __withheld: true, ...Object.fromEntries(names.map((name) => [name, null])) } : group;
    onRpc("preference", "formatted_read_grouping_sets", async ({ args, kwargs, parent }) => {
        const sets = await parent();
        const names = kwargs.aggregates || args[2];
        return sets.map((groups) => groups.map((group) => withheld(group, names)));
    });
    onRpc("preference", "formatted_read_group", async ({ args, kwargs, parent }) => {
        const groups = await parent();
        const names = kwargs.aggregates || args[2];
        return groups.map((group) => withheld(group, names));
    });
}

const isToys = (group) => group.target === "Toys";

/** Return the model of the view that is mounted, to ask what it would download. */
function watch(Model) {
    const seen = {};
    const load = Model.prototype.load;
    Model.prototype.load = function () {
        seen.model = this;
        return load.apply(this, arguments);
    };
    seen.restore = () => (Model.prototype.load = load);
    return seen;
}

test("a pivot says that a figure rests on too few customers, in the download too", async () => {
    withhold(isToys);
    const seen = watch(VoicePivotModel);
    await mountView({ type: "pivot", resModel: "preference", arch: PIVOT });
    seen.restore();
    expect(queryAllTexts(".o_pivot_cell_value")).toEqual(["3", "2", "2", "3", "< 5", "< 5"]);
    expect(".o_pivot_cell_value:last span").toHaveAttribute("data-tooltip", "Fewer than five customers");
    const rows = seen.model.exportData().rows.map(({ values }) => values.map(({ value }) => value));
    expect(rows[1]).toEqual([2, 3]);
    expect(rows[2]).toEqual(["< 5", "< 5"]);
});

test("a pivot of too few customers in all is not empty", async () => {
    withhold(() => true);
    await mountView({ type: "pivot", resModel: "preference", arch: PIVOT });
    expect(queryAllTexts(".o_pivot_cell_value")).toEqual(["< 5", "< 5", "< 5", "< 5", "< 5", "< 5"]);
});

test("such a figure sorts and opens its records", async () => {
    withhold(isToys);
    const opened = [];
    const { env } = await mountView({ type: "pivot", resModel: "preference", arch: PIVOT });
    env.services.action.doAction = ({ domain }) => opened.push(domain);
    await contains(".o_pivot_measure_row:first").click();
    expect(queryAllTexts("tbody .o_pivot_header_cell_closed")).toEqual(["Toys", "Tea"]);
    await contains(".o_pivot_cell_value:contains(< 5):first").click();
    expect(opened).toEqual([[["target", "=", "Toys"]]]);
});

test("a graph leaves such groups out and says how many", async () => {
    withhold(isToys);
    const seen = watch(VoiceGraphModel);
    await mountView({ type: "graph", resModel: "preference", arch: GRAPH });
    seen.restore();
    expect(seen.model.data.labels).toEqual(["Tea"]);
    expect(".o_voice_withheld").toHaveText("One group with fewer than five customers is not shown.");
});

test("a graph of nothing else says so instead of showing samples", async () => {
    withhold(() => true);
    await mountView({
        type: "graph",
        resModel: "preference",
        arch: GRAPH.replace("<graph", `<graph sample="1"`),
        noContentHelp: "Nothing has been said",
    });
    expect(".o_voice_withheld").toHaveText("2 groups with fewer than five customers are not shown.");
    expect(".o_view_nocontent").toHaveCount(0);
    expect(".o_graph_canvas_container canvas").toHaveCount(1);
});

test("a graph without such groups says nothing", async () => {
    await mountView({ type: "graph", resModel: "preference", arch: GRAPH });
    expect(".o_voice_withheld").toHaveCount(0);
});
