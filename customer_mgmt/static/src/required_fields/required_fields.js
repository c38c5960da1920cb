import { patch } from "@web/core/utils/patch";
import { Field } from "@web/views/fields/field";

/**
 * Odoo shows a required field only by its colour, and ours are required by the category of the customer: a field that
 * the record names in customer_required_fields gets an asterisk, whether or not a save would be refused today.
 */
patch(Field.prototype, {
    get classNames() {
        const { name, record } = this.props;
        const required = record.data.customer_required_fields;
        return {
            ...super.classNames,
            o_customer_required: Array.isArray(required) && required.includes(name),
        };
    },
});
