"""Follow-ups of what was written or met anyway."""

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError


class PartnerFollowUp(models.Model):
    """Makes a message or a meeting a follow-up, once: messages and meetings themselves count in no figure."""

    _inherit = "partner.follow.up"

    message_id = fields.Many2one(
        "mail.message",
        string="Recorded from Message",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    event_id = fields.Many2one(
        "calendar.event",
        string="Recorded from Meeting",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    _message_unique = models.UniqueIndex(
        "(message_id) WHERE message_id IS NOT NULL AND state != 'cancelled'",
        "Follow-up: somebody has recorded this message a moment ago.",
    )
    _event_unique = models.UniqueIndex(
        "(event_id, partner_id) WHERE event_id IS NOT NULL AND state != 'cancelled'",
        "Follow-up: somebody has recorded this meeting a moment ago.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Let nobody claim a message or a meeting by hand."""
        if not self.env.su and any(vals.get("message_id") or vals.get("event_id") for vals in vals_list):
            raise UserError(self.env._("Use “Record as Follow-up” on the message or the meeting."))
        return super().create(vals_list)

    @api.model
    def _record_sources(self, source_field, source, values_by_partner):
        """Return (all follow-ups of ``source``, the new ones among them) for {customer: values}.

        The user must be allowed to record follow-ups of these customers, and gets those back that somebody has made
        already. Raises UserError where there is one already that the user may not see.
        """
        self.check_access("create")
        partners = self.env["res.partner"].union(*values_by_partner)
        partners.check_access("read")
        # sudo: one made by somebody else counts, whether or not the user may see it
        known = self.sudo().search(
            [(source_field, "=", source.id), ("partner_id", "in", partners.ids), ("state", "!=", "cancelled")]
        )
        if not known.with_env(self.env).has_access("read"):
            raise UserError(self.env._("Follow-up: %(user)s has recorded this already.", user=known[:1].user_id.name))
        topic = self._default_topic_id()
        missing = [
            {
                "partner_id": partner.id,
                "state": "done",
                # Nobody has said that what was planned is done with this.
                "finish_step": False,
                # As the user, who need not see every topic that the system would begin with.
                "topic_id": topic.id,
                source_field: source.id,
                **values,
            }
            for partner, values in values_by_partner.items()
            if partner not in known.partner_id
        ]
        # sudo: the contact was the author's, who need not be the one who records it
        made = self.sudo()._create_once(missing).with_env(self.env)
        return known.with_env(self.env) | made, made

    @api.model
    def _create_once(self, vals_list):
        """Create follow-ups of sources; where somebody did so a moment ago, let Odoo start again and find those."""
        try:
            with self.env.cr.savepoint():
                return self.create(vals_list)
        except UniqueViolation as error:
            names = [index.full_name(self) for index in (self._message_unique, self._event_unique)]
            if error.diag.constraint_name not in names:
                raise
            raise ConcurrencyError(str(error)) from error

    @api.model
    def _source_document(self, model, res_id, customer):
        """Return {res_model, res_id} of a document of ``customer`` that a follow-up of the user may be linked to."""
        if model not in self._linkable_models() or not res_id:
            return {}
        document = self.env[model].browse(res_id).exists()
        if not document or not document.has_access("read") or document._follow_up_partner() != customer:
            return {}
        return {"res_model": model, "res_id": res_id}

    def _tell_recorded(self, made):
        """Return the action that tells what came of it: ``made`` are the new ones among these follow-ups."""
        if made:
            message = self.env._("Recorded as a follow-up of %s.")
        else:
            message = self.env._("%s: this was recorded as a follow-up before.")
        action = "customer_mgmt.partner_follow_up_action"
        links = [
            {"label": follow_up.partner_id.display_name, "url": f"/odoo/action-{action}/{follow_up.id}"}
            for follow_up in self
        ]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if made else "info",
                "message": message.replace("%s", ", ".join(["%s"] * len(links)), 1),
                "links": links,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
