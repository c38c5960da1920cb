from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestSequence(TransactionCase):
    """Drawing in batches gives what Odoo's own drawing one by one would have given."""

    # A business year that began in the calendar year before: its numbers carry the year of its beginning.
    BUSINESS_YEAR = {"date_from": "2025-07-01", "date_to": "2026-06-30"}
    KINDS = {
        "standard": {"implementation": "standard"},
        "step": {"implementation": "standard", "number_increment": 5},
        "without gaps": {"implementation": "no_gap", "number_increment": 2},
        "per year": {"implementation": "standard", "use_date_range": True, "prefix": "%(range_year)s/"},
        "per year without gaps": {"implementation": "no_gap", "use_date_range": True, "prefix": "%(range_year)s/"},
    }

    @freeze_time("2026-03-01")
    def test_batch_equals_one_by_one(self):
        """For every kind of sequence, and with the next single draw after the batch."""
        for label, vals in self.KINDS.items():
            common = {"prefix": "N", "suffix": "x", "padding": 4, "company_id": False, **vals}
            single, batch = self.env["ir.sequence"].create([{"name": label, **common} for _ in range(2)])
            if single.use_date_range:
                for sequence in (single, batch):
                    sequence.date_range_ids = [Command.create(self.BUSINESS_YEAR)]
            expected = [single.next_by_id() for _ in range(4)]
            drawn = ["".join(pair) for pair in batch._format_numbers(batch._draw_numbers(3))]
            with self.subTest(label):
                self.assertEqual([*drawn, batch.next_by_id()], expected)
