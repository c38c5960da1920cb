import { Domain } from "@web/core/domain";
import { registry } from "@web/core/registry";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { graphView } from "@web/views/graph/graph_view";
import { PivotRenderer } from "@web/views/pivot/pivot_renderer";
import { pivotView } from "@web/views/pivot/pivot_view";
import { factsOf } from "../follow_up_report/facts";

const only = (domain, measure) => Domain.and([domain, factsOf(measure)]).toList();

/** Opens the rows that the figure is made of; a group has rows of all kinds, each with other figures. */
export class FollowUpPivotRenderer extends PivotRenderer {
    onOpenView(cell, newWindow) {
        this.measure = cell.measure;
        super.onOpenView(cell, newWindow);
    }

    openView(domain, ...rest) {
        super.openView(only(domain, this.measure), ...rest);
    }
}

/** The same for a bar. */
export class FollowUpGraphRenderer extends GraphRenderer {
    openView(domain, ...rest) {
        super.openView(only(domain, this.model.metaData.measure), ...rest);
    }
}

registry.category("views").add("follow_up_report_pivot", { ...pivotView, Renderer: FollowUpPivotRenderer });
registry.category("views").add("follow_up_report_graph", { ...graphView, Renderer: FollowUpGraphRenderer });
