import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { PivotModel } from "@web/views/pivot/pivot_model";
import { PivotRenderer } from "@web/views/pivot/pivot_renderer";
import { pivotView } from "@web/views/pivot/pivot_view";

/** Keeps "withheld" apart from "nothing there": the server marks groups of too few customers. */
export class VoicePivotModel extends PivotModel {
    _getMeasurements(group, config) {
        const measurements = super._getMeasurements(group, config);
        if (group.__withheld) {
            for (const name in measurements) {
                measurements[name] = null;
            }
        }
        return measurements;
    }

    /** The number of records is withheld, too, and no number is not zero. */
    _hasData(data) {
        return super._hasData(data) || data.counts[JSON.stringify([[], []])] === null;
    }

    exportData() {
        const data = super.exportData();
        for (const cell of data.rows.flatMap((row) => row.values)) {
            cell.value = cell.value === null ? _t("< 5") : cell.value;
        }
        return data;
    }
}

export class VoicePivotRenderer extends PivotRenderer {
    getFormattedValue(cell) {
        if (cell.value === null) {
            return { value: _t("< 5"), help: _t("Fewer than five customers") };
        }
        return super.getFormattedValue(cell);
    }
}

registry.category("views").add("voice_of_customer_pivot", {
    ...pivotView,
    Model: VoicePivotModel,
    Renderer: VoicePivotRenderer,
});
