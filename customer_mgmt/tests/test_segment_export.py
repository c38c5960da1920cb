import io

from openpyxl import load_workbook

from odoo.tests import HttpCase, new_test_user, tagged

from .segment import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentExport(SegmentCase, HttpCase):
    """The workbook of a segment, as the browser downloads it."""

    def test_download(self):
        """It holds number, name and the rest of those whom the user sees, and nobody else."""
        self.env["ir.rule"]._set_customer_visibility("own")
        groups = "customer_mgmt.group_customer_own,base.group_allow_export"
        exporter = new_test_user(self.env, "segment_exporter", password="segment_exporter", groups=groups)
        self.ann.user_id = self.cat.user_id = exporter
        segment = self.make_segment(company_id=self.env.company.id).with_user(exporter)
        url = segment.action_export()["url"]
        self.authenticate("segment_exporter", "segment_exporter")
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        head, *rows = load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True)
        self.assertEqual(
            head,
            (
                "Customer Number",
                "Name",
                "Customer Category",
                "Phone",
                "Email",
                "Salesperson",
                "Customer Status",
                "Tags",
            ),
        )
        self.assertEqual(
            {row[:2] for row in rows}, {(customer.customer_number, customer.name) for customer in self.ann | self.cat}
        )
        [ann] = [row for row in rows if row[1] == "Ann Ltd"]
        self.assertEqual(ann[5:], (exporter.name, "Prospect", self.tag.name))
