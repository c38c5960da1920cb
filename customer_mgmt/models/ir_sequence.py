"""Odoo's sequences, drawn many at a time."""

from odoo import models
from odoo.tools import SQL

from odoo.addons.base.models.ir_sequence import _update_nogap


class IrSequence(models.Model):
    """Adds the batch that Odoo lacks: numbering a thousand customers must not cost a thousand queries."""

    _inherit = "ir.sequence"

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
