"""Why a customer has the tags that rules give."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_amount, format_date, format_datetime

# Of many values (of the contacts of a company, say) so many are shown.
SHOWN_VALUES = 5


class ResPartner(models.Model):
    """Says under the tags of a customer which rule gave each, and by what; only to be used on forms."""

    _inherit = "res.partner"

    tag_reasons = fields.Html(
        string="Why These Tags",
        compute="_compute_tag_reasons",
        groups="base.group_user",
        help="For each tag that a rule gives: the fields that its condition looks at, with what they hold here now, as "
        "far as you may see them.",
    )

    @api.depends("category_id")
    @api.depends_context("uid", "lang", "tz")
    def _compute_tag_reasons(self):
        """Read the tags, their history and the fields they look at once for all partners."""
        Tag = self.env["res.partner.category"]
        ruled = Tag._rule_tag_ids()
        tags = self.category_id._origin.filtered(lambda tag: tag.id in ruled)
        names = {tag.id: sorted(tag._condition_field_names(tag.rule_domain)) for tag in tags}
        domain = [("partner_id", "in", self._origin.ids), ("category_id", "in", tags.ids), ("until", "=", False)]
        Entry = self.env["partner.tag.assignment"]
        entries = Entry.search_fetch(domain, ["partner_id", "category_id", "since"]) if tags else Entry
        since = {(entry.partner_id.id, entry.category_id.id): entry.since for entry in entries}
        texts = {name: self._labelled_values(name) for name in set().union(*names.values())}
        for partner in self:
            partner.tag_reasons = Markup().join(
                partner._tag_reason(
                    tag,
                    [texts[name][partner.id] for name in names[tag.id] if partner.id in texts[name]],
                    since.get((partner._origin.id, tag.id)),
                )
                for tag in partner.category_id._origin & tags
            )

    def _tag_reason(self, tag, values, since):
        """Return one line that says why this partner has ``tag``."""
        parts = [", ".join(values) or self.env._("rule")]
        if since:
            parts.append(self.env._("since %s", format_date(self.env, fields.Datetime.context_timestamp(self, since))))
        return Markup("<div><b>%s</b>: %s</div>") % (tag.name, " · ".join(parts))

    def _labelled_values(self, name):
        """Return {partner id: text} with the label of a field and what it holds, for whoever may see it."""
        field = self._fields.get(name)
        if field is None or not self._has_field_access(field, "read"):
            return {}
        label = field._description_string(self.env)
        result = {}
        for partner in self:
            try:
                result[partner.id] = f"{label}: {partner._value_text(field)}"
            except AccessError:
                continue  # a record that the user may not see
        return result

    def _value_text(self, field):
        """Return what ``field`` holds, as people write it (str)."""
        value = self[field.name]
        if field.relational:
            names = value[:SHOWN_VALUES].mapped("display_name")
            return ", ".join(map(str, names + ["…"] * (len(value) > SHOWN_VALUES))) or "–"
        if field.type == "boolean":
            return self.env._("yes") if value else self.env._("no")
        if not value and field.type not in ("integer", "float", "monetary"):
            return "–"
        if field.type == "selection":
            return str(dict(field._description_selection(self.env)).get(value, value))
        if field.type == "date":
            return format_date(self.env, value)
        if field.type == "datetime":
            return format_datetime(self.env, value, dt_format="short")
        if field.type == "monetary" and (currency := self[field.get_currency_field(self)]):
            return format_amount(self.env, value, currency)
        return str(value)
