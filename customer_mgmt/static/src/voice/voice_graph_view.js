import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { GraphModel } from "@web/views/graph/graph_model";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { graphView } from "@web/views/graph/graph_view";

/** Leaves out what rests on too few customers, and knows how many groups that are. */
export class VoiceGraphModel extends GraphModel {
    async _loadDataPoints(metaData) {
        const [dataPoints, currencies] = await super._loadDataPoints(metaData);
        const shown = dataPoints.filter(({ value }) => value !== null);
        // In the metadata: a slower answer that nobody waits for any more must not change the number.
        metaData.withheld = dataPoints.length - shown.length;
        metaData.allIntegers = shown.every(({ value }) => Number.isInteger(value));
        return [shown, currencies];
    }

    /** Withheld is not empty: neither samples nor "nothing there" belong here. */
    hasData() {
        return super.hasData() || this.metaData.withheld > 0;
    }
}

export class VoiceGraphRenderer extends GraphRenderer {
    static template = "customer_mgmt.VoiceGraphRenderer";

    get withheldText() {
        const { withheld } = this.model.metaData;
        return withheld === 1
            ? _t("One group with fewer than five customers is not shown.")
            : _t("%s groups with fewer than five customers are not shown.", withheld);
    }
}

registry.category("views").add("voice_of_customer_graph", {
    ...graphView,
    Model: VoiceGraphModel,
    Renderer: VoiceGraphRenderer,
});
