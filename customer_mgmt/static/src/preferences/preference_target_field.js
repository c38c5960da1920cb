import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { CharField } from "@web/views/fields/char/char_field";
import { Many2OneField } from "@web/views/fields/many2one/many2one_field";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const FIELDS = {
    product: "product_id",
    product_category: "product_category_id",
    option: "option_id",
    text: "text",
};

/**
 * What a preference is about, in one column: a product, a category, an option or a text, as its kind wants it. The four
 * fields and target_type must be in the view.
 */
export class PreferenceTargetField extends Component {
    static template = "customer_mgmt.PreferenceTargetField";
    static components = { CharField, Many2OneField };
    static props = { ...standardFieldProps };

    get fieldName() {
        return FIELDS[this.props.record.data.target_type];
    }

    get isText() {
        return this.fieldName === "text";
    }

    get fieldProps() {
        return { ...this.props, name: this.fieldName };
    }

    get many2oneProps() {
        return { ...this.fieldProps, canCreate: false, canCreateEdit: false, canQuickCreate: false, canOpen: false };
    }
}

registry.category("fields").add("preference_target", {
    component: PreferenceTargetField,
    displayName: _t("Target of a preference"),
    supportedTypes: ["char"],
    isEmpty: () => false,
});
