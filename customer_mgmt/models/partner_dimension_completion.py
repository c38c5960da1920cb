"""Values that are made when customers first need them."""

import json
import re

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.dimension import unused_code
from .partner_dimension_rule import MAX_VALUES
from .partner_dimension_value_rule import PLACE_FIELDS


class PartnerDimensionType(models.Model):
    """Makes a value for each record that customers name and that none stands for: countries, states, industries, ….

    Only runs do so, never a person's save. An archived value stands for its record, so what an administrator has
    archived does not come back.
    """

    _inherit = "partner.dimension.type"

    def _record_fields(self):
        """Return {model: field of the partner} of the records for which this type has values."""
        self.ensure_one()
        if self.kind != "rule" or self.rule_basis not in ("field", "address"):
            return {}
        return PLACE_FIELDS if self.rule_basis == "address" else {self.rule_field_id.relation: self.rule_field_id.name}

    def _records_without_value(self):
        """Return {model: records} that this type's population names and that no value stands for, in order."""
        # sudo: whoever asks, the same is missing
        known = set(self.sudo().with_context(active_test=False).value_ids.mapped(lambda value: value._source_key()))
        missing = {}
        for model, field in self._record_fields().items():
            records = self.env[model].sudo().browse(self._named_ids(field))
            if model == "res.country" and "res.country.state" in self._record_fields():
                records |= self.env["res.country.state"].sudo().browse(self._named_ids("state_id")).country_id
            missing[model] = records.filtered(lambda record: f"{record._name},{record.id}" not in known).exists()
        return missing

    def _named_ids(self, field):
        """Return the ids that the population has in ``field``, in order."""
        Partner = self.env["partner.dimension.value"]._rule_partners()
        domain = self._population_domain(self.applies_to) & Domain(field, "!=", False)
        if self.company_id:
            domain &= Domain("company_id", "=", self.company_id.id)
        column = SQL.identifier(Partner._table, field)
        query = Partner._search(domain)
        rows = self.env.execute_query(query.select(SQL("DISTINCT %s", column)))
        return sorted(record_id for (record_id,) in rows)

    def _complete_values(self):
        """Make the values that are missing; return how many. Called by runs only.

        Safe against two workers: whoever comes second finds the type locked, or its codes taken, and raises psycopg2's
        errors, unlogged.
        """
        self.ensure_one()
        missing = self._records_without_value()
        count = sum(map(len, missing.values()))
        if not count:
            return 0
        # sudo: values of all companies count
        if count + len(self.sudo().with_context(active_test=False).value_ids) > MAX_VALUES:
            raise UserError(
                self.env._(
                    "%(type)s: there would be more than %(most)s values, too many to class customers by. Let its rules "
                    "look at another field.",
                    type=self.name,
                    most=MAX_VALUES,
                )
            )
        self.env.cr.execute(
            SQL("SELECT id FROM partner_dimension_type WHERE id = %s FOR NO KEY UPDATE NOWAIT", self.id),
            log_exceptions=False,
        )
        for records in missing.values():
            self._make_values(records)
        return count

    def _make_values(self, records):
        """Make a value for each of ``records`` of one model."""
        if not records:
            return
        # sudo: made for everyone, by no one in particular
        Value = self.env["partner.dimension.value"].sudo().with_context(active_test=False, lang=None)
        kept = Value.search([("type_id", "=", self.id)])
        taken = set(kept.mapped("code"))
        places = {value._source_key(): value.id for value in kept}
        names = self._names_of(records)
        vals_list = []
        for record in records:
            code = unused_code(self._code_of(record), taken)
            taken.add(code)
            vals_list.append(
                {
                    "type_id": self.id,
                    "code": code,
                    "name": names["en_US"][record.id],
                    "source_ref": f"{record._name},{record.id}",
                    "company_id": self.company_id.id,
                    "parent_id": self._place_of(record, places),
                }
            )
        values = Value.create(vals_list)
        self._translate_values(values, records, names)

    def _place_of(self, record, places):
        """Return the id of the value above that of ``record``; ``places`` is {source: value id}."""
        if record._name == "res.country.state" and self.rule_basis == "address" and self.hierarchical:
            return places.get(f"res.country,{record.country_id.id}", False)
        return False

    @api.model
    def _code_of(self, record):
        """Return what the code of a value for ``record`` is made from: official codes of places, else its name."""
        if record._name == "res.country":
            return record.code or record.name
        name = record[record._rec_name] if record._rec_name else record.display_name
        if record._name == "res.country.state":
            code = record.code if re.fullmatch(r"[A-Za-z0-9-]+", record.code or "") else name
            return f"{record.country_id.code} {code.removeprefix(f'{record.country_id.code}-')}"
        return name or record.display_name or ""

    @api.model
    def _names_of(self, records):
        """Return {language: {record id: name}} in English and, where names are translated, all installed languages."""
        name = records._rec_name
        field = records._fields.get(name)
        langs = {"en_US"}
        if field is not None and field.translate:
            langs |= {code for code, _label in self.env["res.lang"].get_installed()}
        return {
            lang: {
                record.id: str((name and record[name]) or record.display_name or "?")
                for record in records.with_context(lang=lang)
            }
            for lang in langs
        }

    @api.model
    def _translate_values(self, values, records, names):
        """Call ``values`` as ``records`` in every language of ``names``, by one statement."""
        if len(names) == 1:
            return
        values.flush_recordset()
        translated = [json.dumps({lang: by_id[record.id] for lang, by_id in names.items()}) for record in records]
        self.env.cr.execute(
            SQL(
                "UPDATE partner_dimension_value SET name = given.name::jsonb "
                "FROM unnest(%s::integer[], %s::text[]) AS given (id, name) "
                "WHERE partner_dimension_value.id = given.id",
                values.ids,
                translated,
            )
        )
        values.invalidate_recordset(["name"])
        values._refresh_names()
