"""What the web client would send: the fields of a list, the domain of a typed word.

Rebuilt from the views as web/static/src/model/relational_model/utils.js does it (extractFieldsFromArchInfo,
getFieldsSpec); the parts that partner lists do not use are left out.
"""

from lxml import etree

from odoo.tools.safe_eval import safe_eval

PAGE = 80  # rows of a list page
COUNT_LIMIT = 10_001  # the client shows "10000+"

# Fields that a widget asks for beside its own (fieldDependencies in its JavaScript).
WIDGET_FIELDS = {
    "image": ("write_date",),
    "list_activity": (
        "activity_exception_decoration",
        "activity_exception_icon",
        "activity_state",
        "activity_summary",
        "activity_type_icon",
        "activity_type_id",
    ),
}


class Screen:
    """A list with its search box, as an action opens it for the user of ``env``."""

    def __init__(self, env, list_id, search_id, domain=()):
        views = env["res.partner"].get_views(
            [(env.ref(list_id).id, "list"), (env.ref(search_id).id, "search")], {"toolbar": True, "load_filters": True}
        )
        self.domain = list(domain)
        self.fields = views["models"]["res.partner"]["fields"]
        self._list = etree.fromstring(views["views"]["list"]["arch"])
        self._search = etree.fromstring(views["views"]["search"]["arch"])

    def specification(self):
        """Return the specification of web_search_read: hidden columns too, since the client loads those as well."""
        specification = {}
        for node in self._list.iterfind("field"):
            names = [node.get("name"), *WIDGET_FIELDS.get(node.get("widget"), ())]
            for name in names:
                specification.setdefault(name, self._field_specification(name, node))
        if "properties_base_definition_id" in specification:
            specification["properties_base_definition_id"].setdefault("fields", {})["display_name"] = {}
        return specification

    def _field_specification(self, name, node):
        """Return what is asked of one field: the names of linked records, the colours of tags."""
        kind = self.fields[name]["type"] if name in self.fields else "many2one" if name.endswith("_id") else "char"
        if kind == "many2one":
            hidden = node.get("name") == name and node.get("column_invisible") in ("True", "1")
            return {"fields": {} if hidden else {"display_name": {}}}
        if kind in ("one2many", "many2many"):
            tags = {"display_name": {}, "color": {}} if node.get("widget") == "many2many_tags" else {}
            return {"fields": tags}
        return {}

    def search_domain(self, word):
        """Return the domain after ``word`` was typed into the search box and confirmed with Enter."""
        field = self._search.find("field")
        return self.domain + safe_eval(field.get("filter_domain"), {"self": word})


def search_read(env, domain, specification):
    """Load the first page and the count, as the client does in one call; returns the server's answer."""
    return (
        env["res.partner"]
        .with_context(bin_size=True)
        .web_search_read(domain, specification, limit=PAGE, order="", count_limit=COUNT_LIMIT)
    )
