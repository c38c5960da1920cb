"""Understanding dimension values in imported files."""

from odoo import api, models

MAX_SUGGESTIONS = 3


class IrFieldsConverter(models.AbstractModel):
    """Finds a value among those of the column's own type, by code, name or path, in every way people write it down.

    Odoo would look among the values of all types and take the first of that name.
    """

    _inherit = "ir.fields.converter"

    @api.model
    def db_id_for(self, model, field, subfield, value, savepoint):
        """Look within the type of the column; whether the value may be chosen is asked when it is written."""
        dimension = field.comodel_name == "partner.dimension.value" and self._dimension_of_column(field.name)
        if not dimension or subfield is not None or not value:
            return super().db_id_for(model, field, subfield, value, savepoint)
        # Rows before this one may bring values of their own.
        self.env.context.get("import_flush", lambda **kw: None)(model=field.comodel_name)
        ids = self.env[field.comodel_name]._find_by_text(dimension.id, value)
        if len(ids) == 1:
            return ids[0], []
        path = "/".join([*self.env.context.get("parent_fields_hierarchy", ()), field.name])
        if any(path in self.env.context.get(name, ()) for name in ("import_set_empty_fields", "import_skip_records")):
            return None, []
        raise self._dimension_value_error(dimension, value, ids)

    @api.model
    def _dimension_of_column(self, name):
        """Return the Dimension whose column has this name, or None; archived types have none."""
        dimensions = self.env["partner.dimension.type"]._dimensions()
        return next((dimension for dimension in dimensions if dimension.column == name), None)

    @api.model
    def _dimension_value_error(self, dimension, text, ids):
        """Return the error of a row whose ``text`` means no value of the dimension, or several (``ids``)."""
        Value = self.env["partner.dimension.value"]
        if ids:
            message = self.env._(
                "%%(field)s: “%(value)s” is the name of several values. Write one of these instead: %(codes)s."
            )
            codes = Value.browse(ids).sudo().mapped("code")
        else:
            message = self.env._("%%(field)s: there is no value “%(value)s”. The nearest codes are: %(codes)s.")
            codes = Value._nearest_codes(dimension.id, text)
        if not codes:
            message = self.env._("%%(field)s: there is no value “%(value)s”; the dimension has no values yet.")
        params = {"value": text[:50], "codes": ", ".join(codes[:MAX_SUGGESTIONS])}
        action = {
            "name": self.env._("Possible Values"),
            "type": "ir.actions.act_window",
            "target": "new",
            "views": [(False, "list"), (False, "form")],
            "context": {"create": False},
            "help": self.env._("See all possible values"),
            "res_model": Value._name,
            "domain": [("type_id", "=", dimension.id)],
        }
        info = {"moreinfo": action, "value": params["value"], "field_type": self.env._("code or name")}
        return self._format_import_error(ValueError, message, params, info)
