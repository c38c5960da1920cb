import { FormRenderer } from "@web/views/form/form_renderer";
import { formView } from "@web/views/form/form_view";

import { registry } from "@web/core/registry";

/** Begins in the text, on a telephone too: whoever opens the dialog is about to type. */
class FollowUpDialogRenderer extends FormRenderer {
    get shouldAutoFocus() {
        return !this.props.archInfo.disableAutofocus;
    }
}

registry.category("views").add("follow_up_dialog", { ...formView, Renderer: FollowUpDialogRenderer });
