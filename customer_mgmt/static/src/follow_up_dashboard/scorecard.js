import { components } from "@odoo/o-spreadsheet";
import { SEE_RECORDS_PIVOT } from "@spreadsheet/pivot/pivot_actions";
import { patch } from "@web/core/utils/patch";

const MODEL = "partner.follow.up.report";

/** A figure at the top of the dashboard opens the rows it is made of, as a cell of a pivot does; Odoo opens a menu. */
patch(components.ScorecardChart.prototype, {
    /** Return where the figure stands in the workbook, if it is one of the efficiency report. */
    get followUpCell() {
        const { getters } = this.env.model;
        const { keyValue } = getters.getChartDefinition(this.props.chartId);
        const range = keyValue && getters.getRangeFromSheetXC(getters.getActiveSheetId(), keyValue);
        if (!range || range.invalidXc) {
            return undefined;
        }
        const position = { sheetId: range.sheetId, col: range.zone.left, row: range.zone.top };
        const pivotId = getters.getPivotIdFromPosition(position);
        return pivotId && getters.getPivotCoreDefinition(pivotId).model === MODEL ? position : undefined;
    },
    async onClick() {
        const cell = this.env.isDashboard() && this.followUpCell;
        return cell ? SEE_RECORDS_PIVOT(cell, this.env, false) : super.onClick();
    },
});
