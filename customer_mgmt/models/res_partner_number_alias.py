"""Numbers of before, on the partner."""

from odoo import api, fields, models
from odoo.tools import SQL


class ResPartner(models.Model):
    """Finds a partner by every number it ever had."""

    _inherit = "res.partner"

    number_alias_ids = fields.One2many(
        "partner.number.alias",
        "partner_id",
        string="Former Numbers",
        readonly=True,
        groups="base.group_user",
        help="Numbers of customers that were merged into this one. It is found by them, and nobody else gets them.",
    )

    def _add_number_aliases(self, numbers, company_id=None, reason=None):
        """Let this partner also be found by ``numbers``, which it or a partner merged into it had in ``company_id``.

        Without a company it is the partner's own. Return the new aliases; numbers that somebody else has in that
        company, or that are aliases already, are left out: a merge never fails because of them.
        """
        self.ensure_one()
        company_id = self.company_id.id if company_id is None else company_id
        numbers = list(dict.fromkeys(filter(None, map(self._clean_number, numbers))))
        taken = self._find_taken_numbers(company_id, numbers) if numbers else {}
        # sudo: aliases are made by the system only
        return (
            self.env["partner.number.alias"]
            .sudo()
            .create(
                [
                    {"partner_id": self.id, "number": number, "company_id": company_id or False, "reason": reason}
                    for number in numbers
                    if number not in taken
                ]
            )
        )

    @api.model
    def _find_number_owners(self, texts):
        """Return the ids of the partners that have or had one of ``texts`` as a whole number, in whatever company.

        What is no text among ``texts`` (ids, False) is no number either.
        """
        numbers = {self._clean_number(text) for text in texts if isinstance(text, str)} - {False}
        if not numbers:
            return []
        self.flush_model(["customer_number"])
        self.env["partner.number.alias"].flush_model(["number", "partner_id"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM res_partner WHERE customer_number IN %(numbers)s "
                "UNION SELECT partner_id FROM partner_number_alias WHERE number IN %(numbers)s",
                numbers=tuple(numbers),
            )
        )
        return [partner_id for (partner_id,) in rows]
