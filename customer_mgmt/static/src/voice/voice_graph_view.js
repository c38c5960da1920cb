import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { GraphModel } from "@web/views/graph/graph_model";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { graphView } from "@web/views/graph/graph_view";

/** Leaves out what rests on too few customers, and knows how many groups that are. */
export class VoiceGraphModel extends GraphModel {
    withheld = 0;

    async _loadDataPoints(metaData) {
        let withheld = 0;
        const [dataPoints, currencies] = await super._loadDataPoints(metaData);
        const shown = dataPoints.filter(({ value }) => {
            withheld += value === null ? 1 : 0;
            return value !== null;
        });
        this.withheld = withheld;
        metaData.allIntegers = shown.every(({ value }) => Number.isInteger(value));
        return [shown, currencies];
    }
}

export class VoiceGraphRenderer extends GraphRenderer {
    static template = "customer_mgmt.VoiceGraphRenderer";

    get withheldText() {
        return _t("%s groups are not shown: fewer than five customers stand behind each.", this.model.withheld);
    }
}

registry.category("views").add("voice_of_customer_graph", {
    ...graphView,
    Model: VoiceGraphModel,
    Renderer: VoiceGraphRenderer,
});
