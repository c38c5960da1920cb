"""Messages that become follow-ups."""

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.plain_text import words_of

# What a person wrote or a customer sent; notifications, bulk mail and automatic answers have types of their own.
WRITTEN = ("comment", "email")


class MailMessage(models.Model):
    """Lets a person make what was written to or by a customer a follow-up, with one click."""

    _inherit = "mail.message"

    def action_record_follow_up(self):
        """Make the message a done follow-up, or show the one it has become before."""
        self.ensure_one()
        self.check_access("read")
        # sudo: what a reader of the message may know; partners among its recipients may be out of his sight
        message = self.sudo()
        message._check_written_by_person()
        customer = message._follow_up_customer()
        # The user's own rights decide whether he may record anything of this customer (see _record_sources).
        values = message._follow_up_values(customer)
        follow_ups, made = self.env["partner.follow.up"]._record_sources(
            "message_id", self, {customer.with_env(self.env): values}
        )
        return follow_ups._tell_recorded(made)

    def _check_written_by_person(self):
        """Refuse what nobody wrote, what went to many at once, and what only colleagues read."""
        if self.message_type == "email_outgoing":
            raise UserError(
                self.env._("This is bulk mail. Only what a person wrote to a customer becomes a follow-up.")
            )
        robot = self.env.ref("base.partner_root")
        if self.message_type not in WRITTEN or self.author_id == robot:
            raise UserError(
                self.env._("This is an automatic notification. Only what a person wrote becomes a follow-up.")
            )
        if self.is_internal or not self.subtype_id or self.subtype_id.internal:
            raise UserError(
                self.env._("This is an internal note, which no customer has read. Use “Record Follow-up” instead.")
            )

    def _author_user(self):
        """Return the internal user who wrote the message, or nobody."""
        users = self.author_id.with_context(active_test=False).user_ids
        return users.filtered(lambda user: not user.share)[:1]

    def _follow_up_customer(self):
        """Return the customer that the message is about: its document's, else the only one who wrote or got it."""
        document = self.env["res.partner"]
        if self.model == "res.partner":
            document = document.browse(self.res_id).exists()
        elif self.model in self.env["partner.follow.up"]._linkable_models():
            record = self.env[self.model].browse(self.res_id).exists()
            document = record._follow_up_partner() if record else document
        persons = document or (self._recipients() if self._author_user() else self.author_id)
        customers = persons.commercial_partner_id.filtered(lambda partner: partner._is_followed_up())
        if not customers:
            raise UserError(self.env._("This message is not about a customer, so it cannot become a follow-up."))
        if len(customers) > 1:
            raise UserError(
                self.env._(
                    "This message went to several customers: %s. Use “Record Follow-up” on each of them.",
                    ", ".join(customers.mapped("display_name")),
                )
            )
        if self._author_user() and customers not in self._recipients().commercial_partner_id:
            raise UserError(
                self.env._(
                    "Nobody of %s got this message, so it is no contact with the customer.", customers.display_name
                )
            )
        return customers

    def _recipients(self):
        """Return who got the message."""
        return self.partner_ids | self.notified_partner_ids

    def _follow_up_values(self, customer):
        """Return what the message says about the contact with ``customer``."""
        colleague = self._author_user()
        persons = self._recipients() if colleague else self.author_id
        contacts = persons.filtered(lambda partner: partner.commercial_partner_id == customer) - customer
        if colleague:
            outcome = "reached" if self._was_answered(customer) else "no_answer"
        else:
            outcome = "reached"
        attachments = ", ".join(self.attachment_ids.mapped("name"))
        # Without a subject of its own Odoo puts the name of the document there.
        subject = self.subject if self.subject != self.record_name else False
        method = self.env["partner.follow.up.method"].search([("code", "=", "email")], limit=1)
        return {
            "method_id": method.id or self.env["partner.follow.up"]._default_method_id().id,
            "direction": "out" if colleague else "in",
            "user_id": (colleague or self.env.user).id,
            "contact_ids": contacts.ids,
            "date": self.date,
            "outcome": outcome,
            "key_points": words_of(self.body) or subject or attachments or self.record_name,
            **self.env["partner.follow.up"].sudo(False)._source_document(self.model, self.res_id, customer),
        }

    def _was_answered(self, customer):
        """Tell whether somebody of ``customer`` wrote back in the same conversation."""
        answers = Domain("model", "=", self.model) & Domain("res_id", "=", self.res_id) & Domain("id", ">", self.id)
        answers &= Domain("message_type", "in", WRITTEN)
        return bool(self.search_count(answers & Domain("author_id.commercial_partner_id", "=", customer.id), limit=1))
