"""Reading the dimensions of many partners: up to forty columns stand in every list, most of them hidden."""

from odoo import api, models

from ..tools.dimension import is_column_name

# What a list or a form asks of a value that it only shows.
SHOWN = {"fields": {"display_name": {}}}


class ResPartner(models.Model):
    """Keeps columns that nobody looks at from being paid for: the client reads hidden columns, too."""

    _inherit = "res.partner"

    def _fetch_field(self, field):
        """Read all dimensions with the rest of the customer file: Odoo reads custom fields one by one."""
        ours = field.prefetch == "customer_file" or is_column_name(field.name)
        if not ours or not self.env.context.get("prefetch_fields", True):
            return super()._fetch_field(field)
        return self.fetch(
            [
                name
                for name, other in self._fields.items()
                if name == field.name
                or (
                    (other.prefetch == "customer_file" or is_column_name(name))
                    and self._has_field_access(other, "read")
                )
            ]
        )

    @api.readonly
    def web_read(self, specification):
        """Read the dimensions that are only shown all at once; Odoo makes a record of each value in each row."""
        columns = [name for name, wanted in specification.items() if wanted == SHOWN and is_column_name(name)]
        if not columns or not all(self._ids) or self.env.context.get("dimension_value_with_type"):
            return super().web_read(specification)
        rest = {name: wanted for name, wanted in specification.items() if name not in columns}
        values_list = super().web_read(rest)
        self.fetch(columns)
        names = self.env["partner.dimension.value"]._paths()
        for column in columns:
            value_ids = self._fields[column]._get_cache(self.env)
            for values in values_list:
                value_id = value_ids.get(values["id"])
                values[column] = {"id": value_id, "display_name": names[value_id]} if value_id else False
        return values_list
