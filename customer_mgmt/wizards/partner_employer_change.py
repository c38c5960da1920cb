"""A contact person goes to another company."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..models.res_partner_employment import EmployerChange
from ..models.res_partner_status import UNCHECKED


class PartnerEmployerChange(models.TransientModel):
    """Moves a contact to another employer in one step: history, open documents, notes on everyone concerned."""

    _name = "partner.employer.change"
    _description = "Change of Employer"

    partner_id = fields.Many2one("res.partner", string="Contact", required=True, readonly=True, ondelete="cascade")
    employer_id = fields.Many2one(
        "res.partner",
        string="Current Employer",
        compute="_compute_employer_id",
        store=True,
        precompute=True,
        ondelete="cascade",
    )
    new_employer_id = fields.Many2one("res.partner", ondelete="cascade")
    date = fields.Date(
        string="Since", required=True, default=fields.Date.context_today, help="First day with the new employer."
    )
    function = fields.Char(
        string="New Position", help="Empty if it is not known yet. The old position stays in the history."
    )
    contact_role_id = fields.Many2one("partner.contact.role", string="New Role", ondelete="cascade")
    contact_influence = fields.Selection(
        lambda self: self.env["res.partner"]._fields["contact_influence"]._description_selection(self.env),
        string="New Influence",
    )
    note = fields.Char(help="Kept in the history.")
    line_ids = fields.One2many(
        "partner.employer.change.line",
        "wizard_id",
        string="Open Documents",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    employment_ids = fields.One2many(related="partner_id.employment_ids")
    has_login = fields.Boolean(compute="_compute_has_login")

    @api.depends("partner_id")
    def _compute_employer_id(self):
        """Remember the employer whom the user sees, to notice when someone else moves the contact meanwhile."""
        for wizard in self:
            wizard.employer_id = wizard.partner_id.parent_id

    @api.depends("partner_id")
    def _compute_line_ids(self):
        """Offer one line per kind of document that has something to hand over."""
        for wizard in self:
            counts = {model: len(records) for model, (_field, records) in wizard._open_documents().items()}
            wizard.line_ids = [fields.Command.clear()] + [
                fields.Command.create({"model": model, "count": count}) for model, count in counts.items() if count
            ]

    @api.depends("partner_id")
    def _compute_has_login(self):
        """Tell whether moving the contact moves a login with it."""
        for wizard in self:
            # sudo: only whether there is one
            wizard.has_login = bool(wizard.partner_id.sudo().user_ids)

    def _open_documents(self):
        """Return {model: (field, open documents of the contact that the user may change)}."""
        documents = {}
        for model, (field, domain) in self.env["res.partner"]._open_document_domains().items():
            if self.env[model].has_access("write"):
                records = self.env[model].search(Domain(field, "=", self.partner_id.id) & Domain(domain))
                documents[model] = (field, records._filtered_access("write"))
        return documents

    def action_apply(self):
        """Move the contact, or say why it cannot be moved."""
        self.ensure_one()
        self.partner_id.check_access("write")
        self.new_employer_id.check_access("read")
        self._check_contact()
        self._check_new_employer()
        self._check_date()
        staying = set(self.line_ids.filtered(lambda line: line.action == "stay").mapped("model"))
        documents = self._open_documents()
        self._leave_documents({model: documents[model] for model in documents.keys() & staying})
        self._move_contact()
        self._take_documents({model: documents[model] for model in documents.keys() - staying})
        self._leave_notes()
        return {"type": "ir.actions.act_window_close"}

    def _check_contact(self):
        """Refuse whoever has no employer to leave, or has left it since the wizard was opened."""
        contact = self.partner_id.sudo()
        # Odoo protects its own users' partners from whoever may not change users; so do we, as sudo follows.
        logins = contact.user_ids.filtered(lambda user: user._is_internal() and user != self.env.user)
        if logins:
            logins.with_env(self.env).check_access("write")
        if contact.is_company:
            raise UserError(
                self.env._("Contact: “%s” is a company. Only a person can change the employer.", contact.name)
            )
        if not contact._is_employed():
            raise UserError(
                self.env._(
                    "Contact: “%s” has no employer yet. Choose the company on the form of the contact.",
                    contact.display_name,
                )
            )
        if contact.parent_id != self.employer_id:
            raise UserError(
                self.env._(
                    "Current Employer: someone has moved “%(name)s” to “%(employer)s” meanwhile. Close this window and "
                    "look at the contact again.",
                    name=contact.name,
                    employer=contact.parent_id.display_name,
                )
            )

    def _check_new_employer(self):
        """Refuse an employer that is none: empty, the contact itself, the present one, a person, someone below."""
        contact, employer = self.partner_id.sudo(), self.new_employer_id.sudo()
        above, climb = employer, employer.parent_id
        while climb and climb not in above:
            above, climb = above | climb, climb.parent_id
        if not employer:
            reason = self.env._("New Employer: it is empty. Choose the company to which the contact goes.")
        elif employer == contact:
            reason = self.env._("New Employer: “%(name)s” cannot be the own employer. Choose another company.")
        elif employer == contact.parent_id:
            reason = self.env._("New Employer: “%(name)s” works for “%(employer)s” already. Choose another company.")
        elif contact in above:
            reason = self.env._("New Employer: “%(employer)s” stands below “%(name)s”. Choose another company.")
        elif employer.commercial_partner_id != employer:
            reason = self.env._("New Employer: “%(employer)s” is a contact or an address. Choose its company.")
        else:
            return
        raise UserError(reason % {"name": contact.name, "employer": employer.display_name})

    def _check_date(self):
        """Refuse a day to come, and one before the present employment began."""
        if self.date > fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    "Since: %s lies in the future. Change the employer on that day or later.",
                    format_date(self.env, self.date),
                )
            )
        begun = self.partner_id.sudo().employment_ids.filtered(lambda row: not row.until).since
        if begun and self.date < begun:
            raise UserError(
                self.env._(
                    "Since: the present employment began on %s. Choose a later day.", format_date(self.env, begun)
                )
            )

    def _leave_documents(self, documents):
        """Give the documents that stay to the old employer."""
        for field, records in documents.values():
            records.write({field: self.employer_id.commercial_partner_id.id})

    def _take_documents(self, documents):
        """Give the documents that go with the person to the new employer, where they name their customer too."""
        for field, records in documents.values():
            if field != "partner_id" and "partner_id" in records:
                # sudo: the rights were checked while the documents were the old employer's
                records.sudo().write({"partner_id": self.new_employer_id.commercial_partner_id.id})

    def _move_contact(self):
        """Write the move at once, with all that a contact has from its company.

        Left to itself, Odoo hands on only what the new company has, and what is then left of the old one (an address,
        a tax number) it would write onto the new company.
        """
        # sudo: the rights were checked; half-way through, the contact belongs to a customer that may be a colleague's
        contact, employer = self.partner_id.sudo(), self.new_employer_id.sudo()
        vals = {
            **employer._convert_fields_to_values(contact._commercial_fields()),
            **employer._convert_fields_to_values(contact._address_fields()),
            "parent_id": employer.id,
            "function": self.function,
            "contact_role_id": self.contact_role_id.id,
            "contact_influence": self.contact_influence,
        }
        if contact.company_id != employer.company_id:
            vals["company_id"] = employer.company_id.id
        if contact.user_id == self.employer_id.sudo().user_id:
            vals["user_id"] = employer.user_id.id
        contact.with_context(
            customer_unchecked=UNCHECKED, employer_change=EmployerChange(self.date, self.note or "")
        ).write(vals)
        contact.with_context(customer_unchecked=UNCHECKED)._commercial_sync_to_descendants()

    def _leave_notes(self):
        """Tell it on the contact and on both employers."""
        contact, old, new = self.partner_id.sudo(), self.employer_id.sudo(), self.new_employer_id.sudo()
        body = self.env._(
            "%(name)s has changed from %(old)s to %(new)s as of %(date)s.",
            name=contact.name,
            old=old.name,
            new=new.name,
            date=format_date(self.env, self.date),
        )
        for partner in contact | old | new:
            partner._message_log(body=body)


class PartnerEmployerChangeLine(models.TransientModel):
    """What becomes of one kind of open documents of the contact."""

    _name = "partner.employer.change.line"
    _description = "Open Documents of a Contact"

    wizard_id = fields.Many2one("partner.employer.change", required=True, ondelete="cascade", index=True)
    model = fields.Char(required=True, readonly=True)
    name = fields.Char(string="Documents", compute="_compute_name")
    count = fields.Integer(string="How Many", readonly=True)
    action = fields.Selection(
        [("stay", "Stay with the old employer"), ("go", "Go with the person")],
        string="What becomes of them",
        required=True,
        default="stay",
        help="Those that stay name the old employer from now on, instead of the person. Documents that you may not "
        "change go with the person.",
    )

    @api.depends("model")
    def _compute_name(self):
        """Show the kind of document as the user knows it."""
        for line in self:
            # sudo: the name of a kind of document is no secret
            line.name = self.env["ir.model"].sudo()._get(line.model).name
