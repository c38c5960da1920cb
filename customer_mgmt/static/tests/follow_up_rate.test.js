import { expect, test } from "@odoo/hoot";
import { formatRate } from "@customer_mgmt/follow_up_report/rate_formatter";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";
import { localization } from "@web/core/l10n/localization";

test("a rate is a percentage, and empty where there is nothing to divide by", () => {
    patchWithCleanup(localization, { decimalPoint: ".", thousandsSep: ",", grouping: [3, 0] });
    expect(formatRate(0.5)).toBe("50%");
    expect(formatRate(0)).toBe("0%");
    for (const nothing of [false, undefined, null]) {
        expect(formatRate(nothing)).toBe("");
    }
});
