import { registerMessageAction } from "@mail/core/common/message_actions";
import { Store } from "@mail/core/common/store_service";
import { toRaw } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

patch(Store.prototype, {
    setup() {
        super.setup(...arguments);
        /** Whether the user may record follow-ups; the server says so (res.users). */
        this.can_record_follow_up = false;
    },
});

/** Offers on what a person wrote to a customer, or got from one, to count it as a follow-up. */
registerMessageAction("record-follow-up", {
    condition: ({ message, store }) =>
        store.can_record_follow_up &&
        message.persistent &&
        ["comment", "email"].includes(message.message_type) &&
        !message.isNote &&
        Boolean(message.thread?.model) &&
        !["discuss.channel", "mail.box"].includes(message.thread.model),
    icon: "fa fa-handshake-o",
    name: _t("Record as Follow-up"),
    // The server knows whether the message is about a customer, and refuses it with the reason otherwise.
    onSelected: async ({ message, store }) => {
        const { action, orm } = store.env.services;
        await action.doAction(await orm.call("mail.message", "action_record_follow_up", [[toRaw(message).id]]));
        store.env.bus.trigger("CUSTOMER_MGMT:FOLLOW_UP_RECORDED");
    },
    sequence: 25,
});
