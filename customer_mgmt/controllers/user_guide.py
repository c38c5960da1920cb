"""The way from the app to its user guide."""

from odoo import http
from odoo.http import request


class UserGuide(http.Controller):
    """Leads to the guide in the reader's language; the pages themselves are static files."""

    @http.route("/customer_mgmt/guide", type="http", auth="user", readonly=True)
    def open_guide(self):
        """Redirect to the Chinese guide for Chinese users, to the English one for everyone else."""
        page = "index_zh_CN.html" if request.env.user.lang == "zh_CN" else "index.html"
        return request.redirect(f"/customer_mgmt/static/description/{page}")
