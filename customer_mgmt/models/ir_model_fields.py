"""The columns of dimension types among Odoo's custom fields."""

from odoo import api, models

from ..tools.dimension import is_column_name


class IrModelFields(models.Model):
    """Gives dimension columns what a custom field cannot say of itself, and their types' labels.

    What we think of a customer is for our own people: whoever logs in from outside reads none of it.
    """

    _inherit = "ir.model.fields"

    def _instanciate_attrs(self, field_data):
        """Index only rows that have a value, and let nobody read the columns from outside."""
        attrs = super()._instanciate_attrs(field_data)
        if attrs and field_data["relation"] == "partner.dimension.value" and is_column_name(field_data["name"]):
            attrs["groups"] = "base.group_user"
            if field_data["model"] == "res.partner":
                attrs["index"] = "btree_not_null"
            elif keys := getattr(self.pool.get(field_data["model"]), "_dimension_column_context", ()):
                attrs["depends_context"] = keys
        return attrs

    def _drop_column(self):
        """Let fields of ours that depend on every field of the partner not depend on one that goes.

        By now Odoo has taken the field away; what the others depend on it asks anew only after the deletion.
        """
        gone = set(self.filtered(lambda field: field.model == "res.partner" and field.state == "manual").mapped("name"))
        depends = self.pool.field_depends
        for field, names in list(depends.items()) if gone else ():
            if field.model_name == "res.partner" and not field.manual and not gone.isdisjoint(names):
                depends[field] = tuple(name for name in names if name not in gone)
        return super()._drop_column()

    @api.model
    def get_field_string(self, model_name):
        """Call a column as its type is called in the user's language, however that translation was made."""
        labels = super().get_field_string(model_name)
        if "partner.dimension.type" not in self.env or not any(map(is_column_name, labels)):
            return labels
        names = self.env["partner.dimension.type"]._column_labels()
        others = {label for name, label in labels.items() if name not in names}
        return {
            name: label
            if name not in names
            else self.env._("%s (dimension)", names[name])
            if names[name] in others
            else names[name]
            for name, label in labels.items()
        }
