"""Finds what an Odoo server should not have logged: WARNING, ERROR and CRITICAL but for a few known ones of Odoo's own.

Usage: check_log.py FILE...; prints the offending lines and exits with 1 when there are any.
"""

import pathlib
import re
import sys

BAD_LINE = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ")

# What stock Odoo says on a machine like ours, by the reason why it is not our fault.
KNOWN = {
    "no internet: the completion of company names asks a server of Odoo's": re.compile(
        r" odoo\.addons\.(iap\.tools\.iap_tools|partner_autocomplete\.models\.\w+): "
    ),
    "two requests of Odoo's own chat at the same moment: Odoo repeats one": re.compile(
        r"odoo\.sql_db: bad query: .*UPDATE \"?discuss_channel_member"
    ),
    "Odoo's import screen sends two arguments its server ignores": re.compile(r"set_file> called ignoring args"),
}


def bad_lines(text):
    """Return the lines of a server log (str) that report a problem.

    >>> bad_lines("2026-01-01 10:00:00,000 7 INFO db odoo: fine")
    []
    >>> bad_lines("2026-01-01 10:00:00,000 7 WARNING db odoo.schema: two fields share a label")
    ['2026-01-01 10:00:00,000 7 WARNING db odoo.schema: two fields share a label']
    """
    suspects = filter(BAD_LINE.match, text.splitlines())
    return [line for line in suspects if not any(known.search(line) for known in KNOWN.values())]


if __name__ == "__main__":
    found = [line for path in sys.argv[1:] for line in bad_lines(pathlib.Path(path).read_text(errors="replace"))]
    if found:
        sys.exit("\n".join(["the server logged:", *found]))
