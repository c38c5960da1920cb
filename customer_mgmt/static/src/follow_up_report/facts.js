/** Of which facts of the efficiency report a measure is made, so that a click opens these rows and no others. */

const FACTS = {
    contact: ["attempts", "reach_rate"],
    assignment: ["assigned", "response_hours", "response_median", "response_p90", "sla_rate"],
    coverage: ["owned", "coverage_rate", "touches"],
    step: ["due", "on_time_rate"],
    plan: ["customers", "plan_rate"],
};
const OVERDUE = ["overdue", "overdue_days"];

/** Return the domain of the rows that stand behind a measure: all of them where it is the number of rows itself. */
export function factsOf(measure) {
    if (OVERDUE.includes(measure)) {
        return [["overdue_age", "!=", false]];
    }
    const found = Object.entries(FACTS).find(([, measures]) => measures.includes(measure));
    return found ? [["kind", "=", found[0]]] : [];
}
