import { user } from "@web/core/user";
import { patch } from "@web/core/utils/patch";
import { Many2XAutocomplete } from "@web/views/fields/relational_utils";

const QUICK_FORM = "customer_mgmt.res_partner_view_form_customer_quick";
const GROUP = "customer_mgmt.group_customer_own";

/**
 * Return whether a drop-down of partners looks for customers: Odoo's addons say so on orders, leads, invoices,
 * projects; ours by the status that a new partner begins with.
 *
 * @param {string} resModel
 * @param {Object} context the drop-down's context
 */
export function looksForCustomers(resModel, context) {
    return (
        resModel === "res.partner" &&
        (context.res_partner_search_mode === "customer" || Boolean(context.default_customer_status))
    );
}

/**
 * Return the context in which the dialog creates a customer; what the document asks for itself is kept.
 *
 * @param {Object} context
 */
export function quickCreateContext(context) {
    return { form_view_ref: QUICK_FORM, default_customer_status: "prospect", ...context };
}

/**
 * Whoever works in the customer file and creates a customer from another document gets the short form with the fields
 * that matter. The server cannot choose that form: views depend on nothing but the references the client sends.
 */
patch(Many2XAutocomplete.prototype, {
    setup() {
        super.setup();
        const openMany2X = this.openMany2X;
        // Called to create only; an existing record is opened by others.
        this.openMany2X = async (params, ...rest) => {
            const { context = {}, nextRecordsContext } = params;
            if (looksForCustomers(this.props.resModel, context) && (await user.hasGroup(GROUP))) {
                params = {
                    ...params,
                    context: quickCreateContext(context),
                    nextRecordsContext: nextRecordsContext && quickCreateContext(nextRecordsContext),
                };
            }
            return openMany2X(params, ...rest);
        };
    },
});
