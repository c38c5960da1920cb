"""Showing dimension columns wherever a model has them."""

from lxml.builder import E

from odoo import api, models
from odoo.tools import SQL

from ..tools.dimension import is_column_name


class PartnerDimensionMixin(models.AbstractModel):
    """Puts the dimensions into the views of a model that is among ``_dimension_targets()``.

    A view says where: fields go into the parts of ``<group name="dimension_fields">`` (form) or take the place of
    ``<widget name="dimension_fields"/>`` (list) or ``<separator name="dimension_fields"/>`` (search), groupings that of
    ``<separator name="dimension_groupby"/>`` (search). What is shown depends on the types alone, never on the user,
    because Odoo keeps views between requests. ``class="customer"`` (``options`` in a list) leaves out the dimensions of
    contact persons.
    """

    _name = "partner.dimension.mixin"
    _description = "Has Dimensions"

    # Keys of the context on which the columns of a model depend that brings them itself.
    _dimension_column_context = ()

    @api.model
    def _dimensions_shown(self, group):
        """Return the dimensions (list of Dimension) for a placeholder; it may name whom they must apply to."""
        dimensions = self.env["partner.dimension.type"]._dimensions(group.get("class") or group.get("options"))
        return [dimension for dimension in dimensions if dimension.column in self._fields]

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Put the dimensions where the view has a place for them."""
        arch, view = super()._get_view(view_id, view_type, **options)
        makers = {
            ("widget", "dimension_fields"): self._dimension_column,
            ("separator", "dimension_fields"): self._dimension_search,
            ("separator", "dimension_groupby"): self._dimension_filter,
        }
        places = arch.xpath("//widget[@name='dimension_fields'] | //separator[starts-with(@name, 'dimension_')]")
        for place in places:
            make = makers[place.tag, place.get("name")]
            for dimension in reversed(self._dimensions_shown(place)):
                place.addnext(make(dimension))
            place.getparent().remove(place)
        for group in arch.xpath("//group[@name='dimension_fields']"):
            self._fill_dimension_group(group)
        return arch, view

    @api.model
    def _fill_dimension_group(self, group):
        """Spread the dimensions over the parts of the group, one after the other; no group without dimensions."""
        parts = group.findall("group") or [group]
        dimensions = self._dimensions_shown(group)
        half = -(-len(dimensions) // len(parts))
        for place, dimension in enumerate(dimensions):
            parts[place // half].extend(self._dimension_form_nodes(dimension))
        if not dimensions:
            group.getparent().remove(group)

    @api.model
    def _dimension_filter(self, dimension):
        name = self.env["partner.dimension.type"]._column_labels()[dimension.column]
        return E.filter(name=f"group_{dimension.column}", string=name, context=f"{{'group_by': '{dimension.column}'}}")

    @api.model
    def _dimension_search(self, dimension):
        """Return the node of a search by the values of one dimension, with what stands below them."""
        return E.field(name=dimension.column, operator="child_of")

    @api.model
    def _dimension_column(self, dimension):
        """Return the node of a list."""
        attributes = {"readonly": "1"} if dimension.frozen else {"options": "{'no_create': True}"}
        return E.field(name=dimension.column, optional="hide", **attributes)

    @api.model
    def _dimension_form_nodes(self, dimension):
        """Return the nodes of a form (list)."""
        name = self.env["partner.dimension.type"]._column_labels()[dimension.column]
        return [E.field(name=dimension.column, string=name, readonly="1", options="{'no_open': True}")]

    @api.model
    def _read_group_orderby(self, order, groupby_terms, query):
        """Put the groups of a dimension in the order of its values, without joining these to every record.

        Odoo would join values and types and group by all they are ordered by, which takes longer than the grouping.
        """
        terms = []
        for part in order.split(",") if order else ():
            name, *direction = part.lower().split()
            if name in groupby_terms and is_column_name(name) and direction in ([], ["asc"], ["desc"]):
                places = list(self.env["partner.dimension.value"]._paths())
                place = SQL("array_position(%s::integer[], %s)", places, groupby_terms[name])
                terms.append(SQL("%s %s", place, SQL("DESC" if direction == ["desc"] else "ASC")))
            else:
                terms.append(super()._read_group_orderby(part, groupby_terms, query))
        return SQL(", ").join(terms) if terms else super()._read_group_orderby(order, groupby_terms, query)

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Offer archived dimensions nowhere: not to filter, group, sort or export by."""
        descriptions = super().fields_get(allfields, attributes)
        for column in self.env["partner.dimension.type"]._archived_columns() & descriptions.keys():
            for name in {"searchable", "sortable", "groupable", "exportable"} & descriptions[column].keys():
                descriptions[column][name] = False
        return descriptions
