"""The dashboard of follow-ups in Odoo's dashboards."""

import json

from odoo import models

REPORT = "partner.follow.up.report"


class SpreadsheetDashboard(models.Model):
    """Lets the dashboard of follow-ups be filtered by every dimension there is at the moment.

    Its file names none: a dimension that stands in a dashboard could not be deleted any more.
    """

    _inherit = "spreadsheet.dashboard"

    def _get_serialized_readonly_dashboard(self):
        content = super()._get_serialized_readonly_dashboard()
        if self != self.env.ref("customer_mgmt.spreadsheet_dashboard_follow_up", raise_if_not_found=False):
            return content
        data = json.loads(content)
        self._add_dimension_filters(data["snapshot"])
        return json.dumps(data)

    def _add_dimension_filters(self, snapshot):
        """Add a filter of each dimension of customers, and apply it to whatever is read from the report."""
        labels = self.env["partner.dimension.type"]._column_labels()
        charts = [figure["data"] for sheet in snapshot["sheets"] for figure in sheet["figures"]]
        readers = [one for one in (*snapshot["pivots"].values(), *charts) if "fieldMatching" in one]
        for dimension in self.env[REPORT]._dimensions_shown({}):
            snapshot["globalFilters"].append(
                {
                    "id": dimension.column,
                    "type": "relation",
                    "label": labels[dimension.column],
                    "modelName": "partner.dimension.value",
                    "domainOfAllowedValues": [["type_id", "=", dimension.id]],
                }
            )
            for reader in readers:
                reader["fieldMatching"][dimension.column] = {"chain": dimension.column, "type": "many2one"}
