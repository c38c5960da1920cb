"""Names of Odoo's tests: what the fixed list of CI holds, what a suite stands for, where the files are.

A name is a path inside Odoo's addons, ``addon/tests/test_file.py``, and may go on with ``::TestClass``.
"""

import importlib.util
import pathlib

CLASSES = pathlib.Path(__file__).with_name("classes.txt")

# What setup/neighbours compares by default. Of base and mail, whose suites are mostly about other things, only the
# files about partners, companies, users, rights, views, sequences, imports and followers.
_PARTS = {
    "base": """acl avatar_mixin base display_name expression form_create format_address_mixin groups import_files
        ir_default ir_filters ir_sequence ir_sequence_date_range menu orm ormcache overrides res_company res_config
        res_partner res_partner_bank res_partner_merge res_users search user_has_group views""",
    "mail": """ir_ui_menu mail_composer mail_message mail_render mail_template mail_tools res_partner res_role
        res_users""",
    "test_mail": """mail_flow mail_followers mail_gateway mail_message_security mail_multicompany
        mail_thread_internals message_post message_track performance""",
}
SUITES = {addon: [f"{addon}/tests/test_{part}.py" for part in parts.split()] for addon, parts in _PARTS.items()}
SUITES.update(
    (addon, [f"{addon}/tests"])
    for addon in (
        "contacts crm sale sale_management sale_crm purchase purchase_stock project portal calendar phone_validation"
    ).split()
)


def ci_names():
    """Return the names of the fixed list for CI."""
    lines = (line.partition("#")[0].strip() for line in CLASSES.read_text().splitlines())
    return [line for line in lines if line]


def names_of(suite):
    """Return the names of ``suite``: one of SUITES, an addon (all its tests) or a name itself.

    >>> names_of("stock"), names_of("crm/tests/test_res_partner.py")
    (['stock/tests'], ['crm/tests/test_res_partner.py'])
    """
    if suite in SUITES:
        return SUITES[suite]
    return [suite if "/" in suite else f"{suite}/tests"]


def odoo_tree():
    """Return the directory that holds the package ``odoo``."""
    return pathlib.Path(importlib.util.find_spec("odoo").submodule_search_locations[0]).parent


def find(name):
    """Return the argument for pytest that stands for ``name``; raise LookupError if this Odoo has no such file.

    Odoo's addons are in one directory in Debian's package and in two in a checkout.
    """
    path, *rest = name.split("::")
    for addons in ("odoo/addons", "addons"):
        if (found := odoo_tree() / addons / path).exists():
            return "::".join([str(found), *rest])
    raise LookupError(f"Odoo has no tests at {path}; correct the name")
