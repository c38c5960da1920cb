"""Contact persons who change their employer."""

import datetime
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain

from .res_partner_status import UNCHECKED


class EmployerChange(NamedTuple):
    """What the wizard knows about a change; in the context under ``employer_change``, where no client can put one."""

    date: datetime.date
    note: str = ""


class ResPartner(models.Model):
    """Keeps the history whichever way a contact moves to another company: the wizard, the form, an import."""

    _inherit = "res.partner"

    employment_ids = fields.One2many(
        "partner.employment",
        "partner_id",
        string="Employment History",
        groups="base.group_user",
        help="Where this person has worked, as far as it was recorded here. Empty as long as the employer is the first "
        "one we know.",
    )

    def write(self, vals):
        """Close one employment and open the next when a customer's contact gets another company."""
        if "parent_id" not in vals:
            return super().write(vals)
        # sudo: history is written by the system; the write itself is checked as always
        employed = self.sudo().filtered(lambda partner: partner._is_employed())
        left = {partner: (partner.parent_id, partner.function) for partner in employed}
        result = super().write(vals)
        moved = employed.filtered(lambda partner: partner.parent_id != left[partner][0])
        moved = moved.filtered(lambda partner: partner.customer_status or left[partner][0].customer_status)
        if moved:
            moved._record_employer_change(left)
            moved._leave_customers_with_employer()
        return result

    def _is_employed(self):
        """Tell whether this is a person who stands below a company (or a customer), not an address."""
        return bool(self.parent_id) and not self.is_company and self.type == "contact"

    def _record_employer_change(self, left):
        """Write the history of these contacts; ``left`` is {contact: (employer of before, position there)}.

        An employment that nobody recorded is recorded now, with its beginning unknown.
        """
        change = self.env.context.get("employer_change")
        if not isinstance(change, EmployerChange):
            change = EmployerChange(fields.Date.context_today(self))
        Employment = self.env["partner.employment"].sudo()
        ending = Employment.search([("partner_id", "in", self.ids), ("until", "=", False)])
        recorded = {row.partner_id for row in ending if row.employer_id == left[row.partner_id][0]}
        for until, rows in ending.grouped(lambda row: max(row.since or change.date, change.date)).items():
            rows.until = until
        ended = [
            {"partner_id": contact.id, "employer_id": left[contact][0].id, "function": left[contact][1]}
            for contact in self
            if contact not in recorded
        ]
        begun = [
            {"partner_id": contact.id, "employer_id": contact.parent_id.id, "function": contact.function}
            for contact in self.filtered("parent_id")
        ]
        Employment.create(
            [{**vals, "until": change.date} for vals in ended]
            + [{**vals, "since": change.date, "note": change.note} for vals in begun]
        )

    def _leave_customers_with_employer(self):
        """Take our fields from contacts whose new company is no customer: a contact follows its company.

        Odoo hands on only what the company has, and leaves the rest as it was.
        """
        strays = self.filtered(
            lambda contact: (
                contact.customer_status
                and contact.commercial_partner_id != contact
                and not contact.commercial_partner_id.customer_status
            )
        )
        if strays:
            strays.with_context(customer_unchecked=UNCHECKED).write(
                dict.fromkeys(self._customer_commercial_fields(), False)
            )

    @api.model
    def _open_document_domains(self):
        """Return {model: (field, domain)} of the open documents whose ``field`` may be a contact person.

        When the contact changes its employer, the wizard offers to hand them to the old employer. Documents that name
        the person beside the customer (``partner_id``) are given to the new employer when they go with the person.
        """
        return {"customer.need": ("contact_id", Domain("is_open", "=", True))}

    def action_change_employer(self):
        """Open the wizard that moves this contact to another company."""
        self.ensure_one()
        self.check_access("write")
        wizard = self.env["partner.employer.change"].create({"partner_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Employer"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }
