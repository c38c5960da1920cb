import { Domain } from "@web/core/domain";
import { registry } from "@web/core/registry";
import { DomainField, domainField } from "@web/views/fields/domain/domain_field";

/**
 * The editor of a condition that is asked of some partners only: it counts and shows whoever of these meets it. They
 * are told by the field "population" of the record, which the view needs.
 */
export class SegmentDomainField extends DomainField {
    getEvaluatedDomain(props = this.props) {
        const domain = super.getEvaluatedDomain(props);
        return domain.isInvalid ? domain : Domain.and([props.record.data.population || "[]", domain]).toList();
    }
}

registry.category("fields").add("segment_domain", {
    ...domainField,
    component: SegmentDomainField,
    fieldDependencies: [{ name: "population", type: "char" }],
});
