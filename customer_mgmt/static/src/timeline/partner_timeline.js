import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { KeepLast } from "@web/core/utils/concurrency";
import { useBus, useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const MODEL = "partner.timeline";
const PAGE = 20;
const ICONS = { message: "fa-envelope-o", note: "fa-sticky-note-o", meeting: "fa-users", follow_up: "fa-handshake-o" };
const LABELLED = ["kind", "outcome", "state", "direction"];
const NAMED = ["method_id", "topic_id", "user_id", "contact_id"];
const SPECIFICATION = {
    ...Object.fromEntries(LABELLED.map((name) => [name, {}])),
    // Of a person the company's name is left out: one looks at it.
    ...Object.fromEntries(
        NAMED.map((name) => [
            name,
            { fields: { display_name: {} }, context: { partner_display_name_hide_company: true } },
        ])
    ),
    date: {},
    title: {},
    content: {},
    need_change: {},
};

/**
 * What was said with a customer, newest first, on the tab of the customer and of its people. Read when the tab is
 * opened and a page at a time; the whole list, with search and export, is behind "Open Timeline".
 */
export class PartnerTimeline extends Component {
    static template = "customer_mgmt.PartnerTimeline";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.fieldService = useService("field");
        this.keepLast = new KeepLast();
        this.state = useState({ rows: [], filters: [], chosen: "all" });
        useBus(this.env.bus, "CUSTOMER_MGMT:FOLLOW_UP_RECORDED", () => this.reload());
        onWillStart(async () => {
            const loaded = this.load(this.props.record);
            this.mayRecord = await user.checkAccessRight("partner.follow.up", "create");
            this.fields = await this.fieldService.loadFields(MODEL, { fieldNames: LABELLED });
            await loaded;
        });
        onWillUpdateProps(({ record }) => record !== this.props.record && this.load(record));
    }

    /** Read anew from the top: the filters with their numbers, and the first page of the chosen one. */
    async load(record) {
        const customer = record.data.commercial_partner_id;
        if (!record.resId || !customer) {
            Object.assign(this.state, { rows: [], filters: [], chosen: "all" });
            return;
        }
        this.domain = [["partner_id", "=", customer.id]];
        const domain = this.chosenDomain;
        const [groups, rows] = await this.keepLast.add(
            Promise.all([
                this.orm.formattedReadGroup(MODEL, this.domain, ["kind", "topic_id"], ["__count"]),
                this.readPage(domain, 0),
            ])
        );
        Object.assign(this.state, { filters: this.filtersOf(groups), rows });
        if (!this.chosenFilter) {
            // The last one of its kind became something else.
            await this.onChoose("all");
        }
    }

    /** Show what has changed, also on the rest of the form, unless somebody is typing there: that stays. */
    async reload() {
        const { record } = this.props;
        if (!(await record.isDirty())) {
            await record.load();
        }
        await this.load(record);
    }

    get chosenFilter() {
        return this.state.filters.find(({ id }) => id === this.state.chosen);
    }

    get chosenDomain() {
        return [...this.domain, ...(this.chosenFilter?.domain || [])];
    }

    /** One filter per topic of follow-ups, and one per other kind of row. */
    filtersOf(groups) {
        const total = groups.reduce((sum, group) => sum + group.__count, 0);
        const filters = [{ id: "all", label: _t("All"), count: total, domain: [] }];
        for (const { kind, topic_id: topic, __count: count } of groups) {
            const domain = [["kind", "=", kind]];
            if (kind === "follow_up") {
                domain.push(["topic_id", "=", topic && topic[0]]);
            }
            filters.push({ id: `${kind}-${topic ? topic[0] : ""}`, topic: topic && topic[1], kind, count, domain });
        }
        return filters;
    }

    async readPage(domain, offset) {
        const { records } = await this.orm.webSearchRead(MODEL, domain, {
            specification: SPECIFICATION,
            offset,
            limit: PAGE,
            count_limit: 1,
        });
        return records;
    }

    get total() {
        return this.chosenFilter?.count || 0;
    }

    labelOf(name, value) {
        return this.fields[name].selection.find(([key]) => key === value)?.[1] || "";
    }

    filterLabel({ label, topic, kind }) {
        return label || topic || this.labelOf("kind", kind);
    }

    iconOf(row) {
        return ICONS[row.kind];
    }

    outcomeClass({ outcome }) {
        return ["reached", "agreed"].includes(outcome) ? "text-bg-success" : "text-bg-warning";
    }

    dateOf(row) {
        return toLocaleDateTimeString(deserializeDateTime(row.date), { showSeconds: false });
    }

    /** Who spoke to whom, in the direction in which it went. */
    personsOf(row) {
        const persons = [row.user_id, row.contact_id].map((person) => person && person.display_name);
        return (row.direction === "in" ? persons.reverse() : persons).filter(Boolean).join(" → ");
    }

    isOpen(row) {
        return this.mayRecord && ["message", "meeting"].includes(row.kind);
    }

    async onChoose(id) {
        this.state.chosen = id;
        this.state.rows = await this.keepLast.add(this.readPage(this.chosenDomain, 0));
    }

    async onMore() {
        const shown = this.state.rows;
        const rows = await this.keepLast.add(this.readPage(this.chosenDomain, shown.length));
        // What came in meanwhile has moved some rows to the next page.
        const known = new Set(shown.map(({ id }) => id));
        shown.push(...rows.filter(({ id }) => !known.has(id)));
    }

    /** A row is opened by Enter and the space bar, too. */
    onKeydown(event, row) {
        if (event.target === event.currentTarget && ["Enter", " "].includes(event.key)) {
            event.preventDefault();
            return this.onOpen(row);
        }
    }

    async onRecordFollowUp() {
        const { resId } = this.props.record;
        const action = await this.orm.call("res.partner", "action_record_follow_up", [[resId]]);
        await this.action.doAction(action, { onClose: () => this.reload() });
    }

    async onOpen(row) {
        await this.run("action_open_source", row);
    }

    async onRecord(row) {
        await this.run("action_record_follow_up", row);
        await this.reload();
    }

    async run(method, row) {
        await this.action.doAction(await this.orm.call(MODEL, method, [[row.id]]));
    }

    async onOpenTimeline() {
        const { resId } = this.props.record;
        await this.action.doAction(await this.orm.call("res.partner", "action_open_timeline", [[resId]]));
    }
}

registry.category("view_widgets").add("partner_timeline", {
    component: PartnerTimeline,
    fieldDependencies: [{ name: "commercial_partner_id", type: "many2one", relation: "res.partner", readonly: true }],
});
