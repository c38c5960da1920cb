"""The rule tags that the addon brings."""

import contextlib

from odoo import api, models
from odoo.exceptions import UserError

BROUGHT = "customer_mgmt.shipped_tags"


class ResPartnerCategory(models.Model):
    """Brings each shipped tag once into a database, new or updated, and never again after somebody has deleted it.

    A database that has a tag of that name in one of its languages keeps it, and gets none from us. A new tag changes no
    customer before the next night; whoever does not want it archives it or turns it into one that people give.
    """

    _inherit = "res.partner.category"

    @api.model
    def _shipped_tags(self):
        """Return {external id: values} of the tags, with their texts in the language of the context."""
        return {
            "res_partner_category_new_customer": {
                "name": self.env._("New Customer"),
                "description": self.env._("Entered in the last 90 days: welcome them, and look after the first order."),
                "rule_domain": "[('create_date', '>=', 'today -90d')]",
                "rule_applies_to": "customer",
                "color": 10,
            },
            "res_partner_category_birthday": {
                "name": self.env._("Birthday This Month"),
                "description": self.env._("Say happy birthday. Only who may know personal facts sees this tag."),
                "rule_domain": "[('birthday_this_month', '=', True)]",
                "rule_applies_to": "both",
                "color": 5,
            },
        }

    @api.model
    def _load_shipped(self):
        """Make the tags that this database has not had yet.

        Called by data/res_partner_category_data.xml at each installation and update.
        """
        langs = [code for code, _name in self.env["res.lang"].get_installed()]
        source = self.with_context(lang="en_US")
        texts = {lang: self.with_context(lang=lang)._shipped_tags() for lang in langs}
        memory = self.env.ref(BROUGHT, raise_if_not_found=False)
        brought = set((memory.value or "").split(",")) if memory else set()
        for name, vals in source._shipped_tags().items():
            if name not in brought and not self._is_name_taken({texts[lang][name]["name"] for lang in langs}):
                # A name that others may not have for another reason is left to them, too.
                with contextlib.suppress(UserError), self.env.cr.savepoint():
                    source._make_shipped(name, vals, {lang: texts[lang][name] for lang in langs})
        brought |= source._shipped_tags().keys()
        self._remember_shipped(memory, ",".join(sorted(brought - {""})))

    @api.model
    def _make_shipped(self, name, vals, texts):
        """Make the tag with the external id ``name``; ``texts``: {language: values in it}."""
        tag = self._load_records(
            [{"xml_id": f"customer_mgmt.{name}", "noupdate": True, "values": {**vals, "tag_kind": "rule"}}]
        )
        for field in ("name", "description"):
            translated = {lang: told[field] for lang, told in texts.items() if told[field] != vals[field]}
            tag.update_field_translations(field, translated)

    @api.model
    def _remember_shipped(self, memory, value):
        """Write down which tags this database has had; the record goes when the addon is uninstalled."""
        if memory:
            memory.value = value
        else:
            vals = {"xml_id": BROUGHT, "noupdate": True, "values": {"key": BROUGHT, "value": value}}
            self.env["ir.config_parameter"]._load_records([vals])

    @api.model
    def _is_name_taken(self, names):
        """Tell whether there is a tag of one of ``names`` in any installed language, archived ones included."""
        for lang, _name in self.env["res.lang"].get_installed():
            tags = self.with_context(active_test=False, lang=lang)
            if any(tags.search_count([("name", "=ilike", name)], limit=1) for name in names):
                return True
        return False
