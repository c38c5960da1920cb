import { expect, test } from "@odoo/hoot";
import { factsOf } from "@customer_mgmt/follow_up_report/facts";

test("a figure opens the rows it is made of", () => {
    expect(factsOf("coverage_rate")).toEqual([["kind", "=", "coverage"]]);
    expect(factsOf("response_p90")).toEqual([["kind", "=", "assignment"]]);
    expect(factsOf("overdue_days")).toEqual([["overdue_age", "!=", false]]);
    expect(factsOf("__count")).toEqual([]);
});
