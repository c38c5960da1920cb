"""Makes an Odoo source tree importable and known in this virtual environment.

Writes a .pth file (the import path), a dist-info (so that wheels which require ``odoo==19.0.*`` find it installed;
what Odoo itself needs is the lock's business) and ``bin/odoo``. Odoo must be started through that script: in prefork
mode it starts its evented process from ``sys.argv[0]``, which fails for ``python -m odoo``.

Usage: register_odoo.py TREE
"""

import pathlib
import sys
import sysconfig

METADATA = "Metadata-Version: 2.1\nName: odoo\nVersion: 19.0\nSummary: Odoo, from {tree}\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: setup/register_odoo.py\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
LAUNCHER = """#!{python}
import odoo.cli

if __name__ == "__main__":
    odoo.cli.main()
"""


def register(tree):
    """Register the Odoo at ``tree`` (the directory that holds the package) in the running interpreter's environment."""
    site_packages = pathlib.Path(sysconfig.get_path("purelib"))
    info = site_packages / "odoo-19.0.dist-info"
    info.mkdir(exist_ok=True)
    (site_packages / "odoo19.pth").write_text(f"{tree}\n")
    (info / "METADATA").write_text(METADATA.format(tree=tree))
    (info / "WHEEL").write_text(WHEEL)
    (info / "INSTALLER").write_text("setup\n")
    (info / "top_level.txt").write_text("odoo\n")
    launcher = pathlib.Path(sys.prefix, "bin", "odoo")
    launcher.write_text(LAUNCHER.format(python=sys.executable))
    launcher.chmod(0o755)
    ours = ["odoo19.pth", "../../../bin/odoo"] + [f"{info.name}/{path.name}" for path in info.iterdir()]
    (info / "RECORD").write_text("".join(f"{name},,\n" for name in [*ours, f"{info.name}/RECORD"]))


if __name__ == "__main__":
    register(pathlib.Path(sys.argv[1]))
