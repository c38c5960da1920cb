/** Shows rates in pivots and graphs. A rate of nothing is empty; Odoo's own percentages would show 0 %. */

import { registry } from "@web/core/registry";
import { formatPercentage } from "@web/views/fields/formatters";

export function formatRate(value, options) {
    return typeof value === "number" ? formatPercentage(value, options) : "";
}
formatRate.extractOptions = formatPercentage.extractOptions;

registry.category("formatters").add("follow_up_rate", formatRate);
