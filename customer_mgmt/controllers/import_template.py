"""The file that people fill in to import customers."""

import csv
import io

from odoo import http
from odoo.http import content_disposition, request

from ..tools.workbook import write_workbook

# The columns of the template, by field. "id" and what has a "/" are understood by these names in every language.
COLUMNS = (
    "id",
    "name",
    "is_company",
    "parent_id/id",
    "customer_status",
    "customer_number",
    "customer_category_id",
    "category_id",
    "source_id",
    "user_id",
    "team_id",
    "street",
    "street2",
    "zip",
    "city",
    "state_id",
    "country_id",
    "phone",
    "email",
    "function",
    "employee_headcount",
    "verified_on",
)
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportTemplate(http.Controller):
    """Writes the template in the reader's language, so that the import screen matches every heading by itself."""

    @http.route("/customer_mgmt/import_template.csv", type="http", auth="user", readonly=True)
    def download_csv(self):
        """Send the template with its example rows, as CSV that Excel opens as Unicode."""
        _descriptions, rows = self._rows(self._partners())
        target = io.StringIO()
        csv.writer(target).writerows(rows)
        return self._send(target.getvalue().encode("utf-8-sig"), CSV, "customers.csv")

    @http.route("/customer_mgmt/import_template.xlsx", type="http", auth="user", readonly=True)
    def download_xlsx(self):
        """Send the template as a workbook, which also explains each column and lists the allowed values."""
        partners = self._partners()
        descriptions, rows = self._rows(partners)
        choices = self._choices(partners, descriptions)
        env = partners.env
        titles = (env._("Customers"), env._("What Goes Where"), env._("Allowed Values"))
        notes = self._notes(env)
        explanations = [[env._("Column"), env._("What to enter")]] + [
            [self._heading(name, descriptions), notes.get(name) or descriptions[name].get("help") or env._("Any text.")]
            for name in descriptions
        ]
        places = {list(descriptions).index(name): values for name, values in choices.items()}
        return self._send(write_workbook(titles, rows, explanations, places), XLSX, "customers.xlsx")

    def _send(self, content, content_type, filename):
        headers = [("Content-Type", content_type), ("Content-Disposition", content_disposition(filename))]
        return request.make_response(content, headers)

    def _partners(self):
        """Return the model in the user's own language, which the browser's may not be; for employees only."""
        if not request.env.user._is_internal():
            raise request.not_found()
        return request.env["res.partner"].with_context(lang=request.env.user.lang)

    def _rows(self, partners):
        """Return {column: description of its field} of what the user may write, and the rows: heading, examples."""
        fields = partners.fields_get([name.split("/")[0] for name in COLUMNS])
        descriptions = {name: fields[name.split("/")[0]] for name in COLUMNS if name.split("/")[0] in fields}
        rows = [[self._heading(name, descriptions) for name in descriptions]]
        statuses = dict(descriptions["customer_status"]["selection"])
        for example in self._examples(partners.env, statuses):
            rows.append([example.get(name, "") for name in descriptions])
        return descriptions, rows

    def _heading(self, name, descriptions):
        """Return the label of a field, or its name where the import would take the label for a path (国家/地区)."""
        label = descriptions[name]["string"]
        return name if name == "id" or "/" in name or "/" in label else label

    def _choices(self, partners, descriptions):
        """Return {column: allowed values} of the columns where only these are understood."""
        categories = partners.env["customer.category"].search([])
        return {
            "is_company": ["TRUE", "FALSE"],
            "customer_status": [label for _value, label in descriptions["customer_status"]["selection"]],
            "customer_category_id": categories.mapped("display_name"),
        }

    def _notes(self, env):
        """Return {column: what to enter}, where the help of the field does not say it."""
        existing = env._("The name of one that exists; an unknown one is refused.")
        return {
            "id": env._(
                "A key of your own, unique in the file. The same file once more updates instead of creating again."
            ),
            "name": env._("Required."),
            "is_company": env._("TRUE for a company, FALSE for a person."),
            "parent_id/id": env._("For a contact person: the key (id) of the company, here or in an earlier import."),
            "customer_status": env._(
                "Empty: Prospect. A customer begins as Prospect or Active; a contact person has the status of its "
                "company, leave it empty."
            ),
            "customer_number": env._(
                "Empty: the next number is drawn. The number from an old system is kept for good."
            ),
            "customer_category_id": env._("One of the allowed values, or the code of a category."),
            "category_id": env._("Tags, separated by commas."),
            "source_id": existing,
            "user_id": existing,
            "team_id": existing,
            "state_id": existing,
            "country_id": existing,
            "phone": env._("In any notation; with +86 or another country code if it is not of the customer's country."),
            "function": env._("For a contact person: the job."),
            "verified_on": env._("A day as 2026-01-31: when someone last confirmed that all of it is right."),
        }

    def _examples(self, env, statuses):
        """Return example rows as {field: value}: a company with a contact, and a person known from an old system."""
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
                "employee_headcount": "120",
                "verified_on": "2026-01-31",
            },
            {
                "id": "customer_example_2",
                "name": "Anna Schmidt",
                "is_company": "FALSE",
                "parent_id/id": "customer_example_1",
                "phone": "+49 40 555 01 11",
                "email": "anna.schmidt@example.com",
                "function": "CEO",
            },
            {
                "id": "customer_example_3",
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
