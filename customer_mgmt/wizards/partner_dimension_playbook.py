"""The page that says how to treat a customer."""

from odoo import api, fields, models
from odoo.tools import is_html_empty


class PartnerDimensionPlaybook(models.TransientModel):
    """Shows strategy and service plan of every value that a customer has, and where the value comes from.

    In a tree a value without a text of its own is spoken for by the nearest value above that has one.
    """

    _name = "partner.dimension.playbook"
    _description = "Playbook"

    partner_id = fields.Many2one("res.partner", string="Customer", required=True, readonly=True, ondelete="cascade")
    content = fields.Html(
        compute="_compute_content",
        sanitize=False,
        help="Strategy and service plan of the customer's dimension values; in a tree the nearest text above counts.",
    )

    @api.depends("partner_id")
    @api.depends_context("uid", "lang", "tz")
    def _compute_content(self):
        for wizard in self:
            partner = wizard.partner_id._origin
            partner.check_access("read")
            chapters = wizard._make_chapters(partner)
            wizard.content = self.env["ir.qweb"]._render(
                "customer_mgmt.partner_dimension_playbook_content",
                {
                    "chapters": [chapter for chapter in chapters if chapter["texts"]],
                    "others": [chapter for chapter in chapters if not chapter["texts"]],
                },
            )

    @api.model
    def _make_chapters(self, partner):
        """Return what the page shows of each dimension in which ``partner`` has a value (list of dict)."""
        labels = self.env["partner.dimension.type"]._column_labels()
        paths = self.env["partner.dimension.value"]._paths()
        notes = partner.dimension_notes or {}
        chapters = []
        for dimension in partner and partner._dimensions_of():
            # sudo: whoever sees a customer may know how to treat it; the right to read it was checked
            value = partner.sudo()[dimension.column]
            if value:
                chapters.append(
                    {
                        "dimension": labels[dimension.column],
                        "value": paths.get(value.id, value.name),
                        "note": notes.get(dimension.column, {}).get("text"),
                        "texts": self._find_texts(value),
                        "details": self._describe_care(value),
                    }
                )
        return chapters

    @api.model
    def _find_texts(self, value):
        """Return title, text and whose it is (words, or False for the value itself) for what ``value`` says."""
        texts = []
        for name in ("strategy", "service_plan"):
            speaker = self._find_nearest(value, name)
            if speaker:
                title = value._fields[name]._description_string(self.env)
                whose = speaker != value and self.env._("of %s", speaker.name)
                texts.append({"title": title, "text": speaker[name], "whose": whose})
        return texts

    @api.model
    def _describe_care(self, value):
        """Return who answers for ``value`` and how often somebody should be in touch (list of texts)."""
        details = []
        if responsible := self._find_nearest(value, "user_id").user_id:
            details.append(self.env._("Responsible: %s", responsible.name))
        if value.cadence_days:
            details.append(self.env._("Follow-up every %s days", value.cadence_days))
        return details

    @api.model
    def _find_nearest(self, value, name):
        """Return ``value`` or the nearest value above it whose field ``name`` is filled in, or none."""
        while value and (not value[name] or (value._fields[name].type == "html" and is_html_empty(value[name]))):
            value = value.parent_id
        return value
