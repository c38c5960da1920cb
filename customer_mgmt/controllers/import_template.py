"""The file that people fill in to import customers."""

import csv
import io

from odoo import http
from odoo.http import content_disposition, request

# The columns of the template, by field. "id" is Odoo's external id, understood by its own name in every language.
COLUMNS = (
    "id",
    "name",
    "is_company",
    "customer_status",
    "customer_number",
    "customer_category_id",
    "street",
    "zip",
    "city",
    "country_id",
    "phone",
    "email",
)


class ImportTemplate(http.Controller):
    """Writes the template in the reader's language, so that the import screen matches every heading by itself."""

    @http.route("/customer_mgmt/import_template", type="http", auth="user", readonly=True)
    def download_import_template(self):
        """Send the template with two example rows, as CSV that Excel opens as Unicode."""
        # Field labels and example values follow the language of the user, not of the browser.
        partners = request.env["res.partner"].with_context(lang=request.env.user.lang)
        descriptions = partners.fields_get(COLUMNS)
        target = io.StringIO()
        writer = csv.writer(target)
        writer.writerow([self._heading(name, descriptions) for name in COLUMNS])
        statuses = dict(descriptions["customer_status"]["selection"])
        for example in self._examples(partners.env, statuses):
            writer.writerow([example.get(name, "") for name in COLUMNS])
        headers = [
            ("Content-Type", "text/csv; charset=utf-8"),
            ("Content-Disposition", content_disposition("customers.csv")),
        ]
        return request.make_response(target.getvalue().encode("utf-8-sig"), headers)

    def _heading(self, name, descriptions):
        """Return the label of a field, or its name where the import would take the label for a path (国家/地区)."""
        label = descriptions.get(name, {}).get("string", name)
        return name if "/" in label or name == "id" else label

    def _examples(self, env, statuses):
        """Return example rows as {field: value}: a new company, and a person known from an old system."""
        return [
            {
                "id": "customer_example_1",
                "name": "Example Trading Ltd",
                "is_company": "TRUE",
                "customer_status": statuses["prospect"],
                "street": "1 Harbour Road",
                "zip": "20457",
                "city": "Hamburg",
                "country_id": env.ref("base.de").name,
                "phone": "+49 40 555 01 10",
                "email": "office@example.com",
            },
            {
                "id": "customer_example_2",
                "name": "张伟",
                "is_company": "FALSE",
                "customer_status": statuses["active"],
                "customer_number": "OLD-0815",
                "city": "北京",
                "country_id": env.ref("base.cn").name,
                "phone": "+86 138 0013 8000",
                "email": "zhang.wei@example.com",
            },
        ]
