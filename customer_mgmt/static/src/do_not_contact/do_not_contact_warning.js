import { RecipientsInput } from "@mail/core/web/recipients_input";
import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";

/**
 * Tells below the recipients of a message who of them must not be contacted by e-mail. Asks the server once when the
 * composer opens and whenever the recipients change.
 */
export class DoNotContactWarning extends Component {
    static template = "customer_mgmt.DoNotContactWarning";
    static props = { thread: Object, recipients: Array };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ text: false });
        this.keepLast = new KeepLast();
        onWillStart(() => this.ask(this.props));
        onWillUpdateProps((next) => this.ask(next));
    }

    /** Nobody waits for the answer: the message can be written meanwhile. */
    ask({ thread, recipients }) {
        const partnerIds = recipients.map((recipient) => recipient.partner_id).filter(Boolean);
        const question = JSON.stringify([thread.model, thread.id, partnerIds]);
        if (question === this.question) {
            return;
        }
        this.question = question;
        const answer = this.orm.silent.call("res.partner", "get_contact_warning", ["email", partnerIds], {
            thread_model: thread.model,
            thread_id: thread.id || false,
        });
        this.keepLast.add(answer).then((text) => (this.state.text = text));
    }
}

RecipientsInput.components = { ...RecipientsInput.components, DoNotContactWarning };
