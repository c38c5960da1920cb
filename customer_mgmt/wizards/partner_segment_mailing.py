"""The dialog that hands a segment to a mailing list."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

LISTS, CONTACTS = "mailing.list", "mailing.contact"


class PartnerSegmentMailing(models.TransientModel):
    """Puts the e-mail addresses of a segment on a mailing list, where mass_mailing is installed, and says what it did.

    Whoever has left the list stays away from it, and blocked addresses are not added. It works as the user: without
    rights on mailing lists nothing happens.
    """

    _name = "partner.segment.mailing"
    _description = "Hand Segment to Mailing List"

    segment_id = fields.Many2one("partner.segment", required=True, ondelete="cascade")
    target = fields.Selection([("new", "A new list"), ("known", "A list that is there")], required=True, default="new")
    new_name = fields.Char(
        string="Name of the List",
        compute="_compute_new_name",
        store=True,
        readonly=False,
        help="What the list is called.",
    )
    list_ref = fields.Reference(selection="_select_list_models", string="Mailing List")
    state = fields.Selection([("ask", "Ask"), ("done", "Done")], string="Step", required=True, default="ask")
    added = fields.Integer(readonly=True, help="Addresses that are new on the list.")
    known = fields.Integer(
        string="There Already", readonly=True, help="Addresses that the list had before, those who left it among them."
    )
    without_email = fields.Integer(
        string="Without E-mail", readonly=True, help="Customers or contacts without an e-mail address that can be read."
    )
    blocked = fields.Integer(
        string="On the Blacklist", readonly=True, help="Addresses that must not be written to; they were not added."
    )
    shared = fields.Integer(
        string="Same Address", readonly=True, help="Customers or contacts whose address another one had before."
    )

    @api.model
    def _select_list_models(self):
        """Offer mailing lists where there are any."""
        return [(LISTS, self.env._("Mailing List"))] if LISTS in self.env else []

    @api.depends("segment_id")
    def _compute_new_name(self):
        for wizard in self:
            wizard.new_name = wizard.segment_id.name

    def action_hand_over(self):
        """Put everyone who has an address on the list, then show the numbers."""
        self.ensure_one()
        if LISTS not in self.env or CONTACTS not in self.env:
            raise UserError(
                self.env._("Mailing List: Email Marketing is not installed. Ask your administrator for it.")
            )
        self.segment_id.check_access("read")
        self.segment_id._refuse_broken()
        mailing_list = self._target_list()
        names, numbers = self._read_addresses()
        contacts = self._contacts_by_email(names)
        on_list = self._emails_on_list(mailing_list)
        added = names.keys() - on_list
        self._put_on_list(mailing_list, {email: names[email] for email in added}, contacts)
        self.write({"state": "done", "list_ref": f"{LISTS},{mailing_list.id}", "added": len(added), **numbers})
        self.known = len(names) - len(added)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand to Mailing List"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _target_list(self):
        """Return the list that was chosen, or make it."""
        self.env[CONTACTS].check_access("write")
        if self.target == "known":
            if not self.list_ref:
                raise UserError(self.env._("Mailing List: none is chosen. Choose one, or make a new one."))
            self.list_ref.check_access("write")
            return self.list_ref
        name = (self.new_name or "").strip()
        if not name:
            raise UserError(self.env._("Name of the List: it is empty. Say what the new list is called."))
        return self.env[LISTS].create({"name": name})

    def _read_addresses(self):
        """Return ({address: its first partner} of whom may be written to, {field: how many were left out})."""
        Partner = self.env["res.partner"]
        wanted = ["name", "email_normalized", "commercial_company_name", "country_id"]
        partners = Partner.search_fetch([("segment_ids", "=", self.segment_id.id)], wanted, order="id")
        emails = {email for email in partners.mapped("email_normalized") if email}
        # sudo: only numbers come of it
        blacklist = self.env["mail.blacklist"].sudo().search([("email", "in", list(emails))])
        blocked, found = set(blacklist.mapped("email")), {}
        numbers = dict.fromkeys(("without_email", "shared"), 0) | {"blocked": len(blocked)}
        for partner in partners:
            email = partner.email_normalized
            if not email:
                numbers["without_email"] += 1
            elif email in found:
                numbers["shared"] += 1
            elif email not in blocked:
                found[email] = partner
        return found, numbers

    def _contacts_by_email(self, emails):
        """Return {address: contact of mailings}, the oldest one of several."""
        contacts = self.env[CONTACTS].search_fetch(
            [("email_normalized", "in", list(emails))], ["email_normalized"], order="id desc"
        )
        return {contact.email_normalized: contact for contact in contacts}

    def _emails_on_list(self, mailing_list):
        """Return the addresses (set) that the list has, of those who left it too."""
        rows = self.env[CONTACTS]._read_group([("list_ids", "in", mailing_list.ids)], ["email_normalized"])
        return {email for (email,) in rows}

    def _put_on_list(self, mailing_list, partners, contacts):
        """Link the contacts that are known to the list, and make the others."""
        mine = self.env[CONTACTS].browse([contacts[email].id for email in partners if email in contacts])
        mine.write({"list_ids": [Command.link(mailing_list.id)]})
        self.env[CONTACTS].create(
            [
                {
                    "name": partner.name,
                    "email": email,
                    "company_name": partner.commercial_company_name,
                    "country_id": partner.country_id.id,
                    "list_ids": [Command.link(mailing_list.id)],
                }
                for email, partner in sorted(partners.items())
                if email not in contacts
            ]
        )

    def action_open_list(self):
        """Open the list."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": LISTS,
            "res_id": self.list_ref.id,
            "view_mode": "form",
        }
