import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { computeM2OProps, Many2One } from "@web/views/fields/many2one/many2one";
import { buildM2OFieldDescription, Many2OneField } from "@web/views/fields/many2one/many2one_field";

const ICONS = {
    manual: "fa-hand-pointer-o",
    import: "fa-upload",
    rule: "fa-magic",
    computed: "fa-calculator",
};

/**
 * The value of a dimension, with a small sign that tells where it comes from: chosen, imported, given by a rule or
 * computed. Why exactly is told by its title, and by the playbook. Needs the field dimension_notes in the view.
 */
export class DimensionValueField extends Component {
    static template = "customer_mgmt.DimensionValueField";
    static components = { Many2One };
    static props = { ...Many2OneField.props };

    get m2oProps() {
        return computeM2OProps(this.props);
    }

    /** What is known of the saved value; nothing while another one has been chosen but not saved. */
    get note() {
        const { name, record } = this.props;
        const note = (record.data.dimension_notes || {})[name];
        const value = record.data[name];
        return note && value && note.value_id === value.id ? note : null;
    }

    get icon() {
        return ICONS[this.note.source];
    }
}

registry.category("fields").add("dimension_value", {
    ...buildM2OFieldDescription(DimensionValueField),
});
