"""Odoo's sequences, drawn many at a time."""

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.base.models.ir_sequence import _update_nogap

CUSTOMER_NUMBER_CODE = "customer.number"


class IrSequence(models.Model):
    """Adds the batch that Odoo lacks: numbering a thousand customers must not cost a thousand queries."""

    _inherit = "ir.sequence"

    @api.constrains("prefix", "suffix", "padding", "code")
    def _check_customer_number_format(self):
        """Refuse a format that would stop every new customer, while the administrator is still looking at it."""
        for sequence in self.filtered(lambda sequence: sequence.code == CUSTOMER_NUMBER_CODE):
            if not 1 <= sequence.padding <= 20:
                raise ValidationError(self.env._("Digits: a customer number has from 1 to 20 digits."))
            try:
                sequence._format_numbers([1])
            except UserError as error:
                raise ValidationError(
                    self.env._(
                        "Prefix: “%s” is not understood. Write plain text, or a date such as %%(year)s.",
                        sequence.prefix,
                    )
                ) from error

    def _draw_numbers(self, count):
        """Take the next ``count`` numbers of this sequence (list of int) in a constant number of queries.

        Every kind of sequence is served: standard ones (fast, gaps possible), those without gaps (the row is locked
        until the transaction ends), and those with date ranges.
        """
        self.ensure_one()
        current = self._get_current_sequence()
        if self.implementation == "no_gap":
            first = _update_nogap(current, self.number_increment * count)
            return [first + self.number_increment * position for position in range(count)]
        name = f"ir_sequence_{self.id:03d}" if current == self else f"ir_sequence_{self.id:03d}_{current.id:03d}"
        rows = self.env.execute_query(SQL("SELECT nextval(%s) FROM generate_series(1, %s)", name, count))
        return [number for (number,) in rows]

    def _format_numbers(self, numbers):
        """Return ``numbers`` (list of int) as this sequence writes them: a list of (prefix, digits with suffix)."""
        self.ensure_one()
        current = self._get_current_sequence()
        dated = self if current == self else self.with_context(ir_sequence_date_range=current.date_from)
        prefix, suffix = dated._get_prefix_suffix()
        return [(prefix, f"{number:0{self.padding}d}{suffix}") for number in numbers]
