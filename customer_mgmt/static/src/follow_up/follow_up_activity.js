import { Activity as ActivityModel } from "@mail/core/common/activity_model";
import { Activity } from "@mail/core/web/activity";
import { ActivityListPopoverItem } from "@mail/core/web/activity_list_popover_item";

import { patch } from "@web/core/utils/patch";

/** To finish the next step of a follow-up is to record how it went: the dialog opens instead of Odoo's short feedback. */
patch(ActivityModel.prototype, {
    async recordFollowUp() {
        const { action, orm } = this.store.env.services;
        const dialog = await orm.call("mail.activity", "action_record_follow_up", [[this.id]]);
        await new Promise((resolve) => action.doAction(dialog, { onClose: resolve }));
    },
});

patch(Activity.prototype, {
    async onClickMarkAsDone(ev) {
        const { activity, onActivityChanged } = this.props;
        if (!activity.is_follow_up) {
            return super.onClickMarkAsDone(ev);
        }
        const thread = this.thread;
        await activity.recordFollowUp();
        onActivityChanged(thread);
        await thread.fetchNewMessages();
    },
});

patch(ActivityListPopoverItem.prototype, {
    async onClickMarkAsDone() {
        const { activity, onActivityChanged, onClickEditActivityButton } = this.props;
        if (!activity.is_follow_up) {
            return super.onClickMarkAsDone();
        }
        // Closes the popover, which would cover the dialog.
        onClickEditActivityButton();
        await activity.recordFollowUp();
        onActivityChanged?.();
    },
});
