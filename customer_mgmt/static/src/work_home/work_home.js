import { Component, onWillStart, useEffect, useExternalListener, useRef, useState } from "@odoo/owl";
import { deserializeDate, deserializeDateTime, formatDate, formatDateTime, today } from "@web/core/l10n/dates";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { capitalize } from "@web/core/utils/strings";
import { Layout } from "@web/search/layout";
import { formatFloat } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** A page that nobody has looked at for so long (ms) is asked for anew when somebody comes back to it. */
const STALE = 5 * 60 * 1000;

/**
 * The page a salesperson begins the day with. It only shows what `res.partner.get_work_home()` gives it: sections with
 * rows or figures, in the order of the server. A section that another addon adds needs nothing here.
 */
export class WorkHome extends Component {
    static template = "customer_mgmt.WorkHome";
    static components = { Layout };
    static props = { ...standardActionServiceProps };
    static displayName = _t("My Day");

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.ui = useService("ui");
        this.root = useRef("root");
        this.keepLast = new KeepLast();
        this.state = useState({ sections: null, loading: true });
        this.loadedAt = 0;
        this.focusIndex = null;
        this.env.config.setDisplayName(this.props.action.name || _t("My Day"));
        // Not waited for: the page stands at once, and fills.
        onWillStart(() => void this.load());
        useExternalListener(window, "focus", () => this.loadIfStale());
        useExternalListener(document, "visibilitychange", () => this.loadIfStale());
        useEffect(
            () => this.restoreFocus(),
            () => [this.state.sections]
        );
    }

    // -- asking the server ----------------------------------------------------------------------------------------

    async load() {
        this.state.loading = true;
        try {
            const { sections } = await this.keepLast.add(this.orm.silent.call("res.partner", "get_work_home", []));
            this.loadedAt = Date.now();
            this.state.sections = sections;
        } finally {
            this.state.loading = false;
        }
    }

    loadIfStale() {
        if (!document.hidden && this.loadedAt && Date.now() - this.loadedAt > STALE) {
            return this.load();
        }
    }

    // -- what is shown --------------------------------------------------------------------------------------------

    sectionsOf(place) {
        return this.state.sections.filter(
            (section) =>
                (section.place || "main") === place &&
                (section.numbers || section.rows.length || !section.is_hidden_empty)
        );
    }

    get todayText() {
        return today().toLocaleString({ weekday: "long", day: "numeric", month: "long" });
    }

    /** The moment in words as near as people say it; the full date stands in the tooltip. */
    when(row) {
        const moment = this.moment(row);
        if (!moment) {
            return "";
        }
        const days = moment.startOf("day").diff(today(), "days").days;
        const day = Math.abs(days) > 99 ? formatDate(moment) : capitalize(moment.toRelativeCalendar({ base: today() }));
        const hasTime = days === 0 && row.when.length > 10;
        return hasTime ? moment.toFormat(localization.timeFormat.replace(/:ss/, "")) : day;
    }

    whenInFull(row) {
        const moment = this.moment(row);
        if (!moment) {
            return "";
        }
        return row.when.length > 10 ? formatDateTime(moment, { showSeconds: false }) : formatDate(moment);
    }

    moment(row) {
        return row.when && (row.when.length > 10 ? deserializeDateTime(row.when) : deserializeDate(row.when));
    }

    /** A figure with its unit; where there is nothing to divide by, a dash. */
    figure(value, unit) {
        if (value === null || value === false) {
            return "—";
        }
        const text = formatFloat(value, { digits: [16, 0] });
        return unit === "%" ? `${text} %` : text;
    }

    change({ value, previous, unit }) {
        if ([value, previous].some((figure) => figure === null || figure === false)) {
            return null;
        }
        const difference = value - previous;
        const sign = difference > 0 ? "+" : difference < 0 ? "−" : "±";
        const size = formatFloat(Math.abs(difference), { digits: [16, 0] });
        return {
            text: unit === "%" ? _t("%s points", `${sign}${size}`) : `${sign}${size}`,
            className: difference > 0 ? "text-success" : difference < 0 ? "text-danger" : "text-muted",
        };
    }

    /** The figure with its name, for whoever does not see where it stands. */
    figureText({ label, value, unit }) {
        return `${label}: ${this.figure(value, unit)}`;
    }

    telephone(row) {
        return `tel:${row.partner.phone.replace(/[^\d+*#]/g, "")}`;
    }

    callText({ partner }) {
        return _t("Call %(name)s: %(phone)s", { name: partner.callee || partner.name, phone: partner.phone });
    }

    recordText({ partner }) {
        return _t("Record a follow-up of %(name)s", { name: partner.name });
    }

    // -- what people do -------------------------------------------------------------------------------------------

    /** Open the dialog that the server proposes for this row; the page is asked for anew when it closes. */
    async record(row, event) {
        const { model, method, ids, context } = row.record;
        const buttons = this.recordButtons;
        const index = buttons.indexOf(event?.currentTarget);
        const action = await this.orm.call(model, method, [ids], { context: context || {} });
        await this.action.doAction(action, {
            onClose: () => {
                this.focusIndex = index;
                return this.load();
            },
        });
    }

    /** Open the empty dialog: somebody called of whom nothing was expected. */
    recordAnother() {
        return this.action.doAction("customer_mgmt.partner_follow_up_action_record", { onClose: () => this.load() });
    }

    open(row) {
        const { action, model, id } = row.open;
        if (action) {
            return this.action.doAction(action, { viewType: "form", props: { resId: id } });
        }
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openAll(section) {
        const { xmlid, context } = section.action;
        return this.action.doAction(xmlid, { additionalContext: context });
    }

    /** Open what the figure counts, or what it counted before. */
    async openNumber({ key, rows }, previous) {
        await this.action.doAction(await this.orm.call(rows.model, rows.method, [key, previous]));
    }

    /** The arrow keys go from customer to customer; everything else is reached by Tab, as anywhere. */
    onKeydown(event) {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        const names = [...this.root.el.querySelectorAll(".o_work_home_open")];
        const index = names.indexOf(event.target);
        if (step && index >= 0 && names[index + step]) {
            event.preventDefault();
            names[index + step].focus();
        }
    }

    get recordButtons() {
        return this.root.el ? [...this.root.el.querySelectorAll(".o_work_home_record")] : [];
    }

    /** Whoever works through the list by keyboard goes on with the row that moved up. */
    restoreFocus() {
        if (this.focusIndex === null || !this.state.sections) {
            return;
        }
        const buttons = this.recordButtons;
        const button = buttons[Math.min(this.focusIndex, buttons.length - 1)];
        this.focusIndex = null;
        if (button && !this.ui.isSmall) {
            button.focus();
        }
    }
}

registry.category("actions").add("customer_mgmt.work_home", WorkHome);
