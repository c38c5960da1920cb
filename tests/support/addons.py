"""The addons of this repository, read from their manifests."""

import ast

from .databases import PROJECT

ADDONS = sorted(path.parent.name for path in PROJECT.glob("*/__manifest__.py"))


def manifest(addon):
    """Return the manifest of one of our addons (dict)."""
    return ast.literal_eval((PROJECT / addon / "__manifest__.py").read_text())


def dependencies():
    """Return Odoo's modules that our addons build on, comma separated."""
    return ",".join(sorted({name for addon in ADDONS for name in manifest(addon)["depends"]} - set(ADDONS)))
