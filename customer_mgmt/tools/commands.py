"""What callers write into a many2many field, in one form."""

from odoo.fields import Command
from odoo.models import BaseModel

# Commands that name the records they are about, one by one; others replace whatever is there.
EXPLICIT = frozenset({Command.CREATE, Command.LINK, Command.UNLINK, Command.DELETE})


def as_commands(value):
    """Return ``value`` of a many2many field (commands, ids, records, or nothing) as a list of commands.

    >>> as_commands(False) == [Command.clear()], as_commands([3, 4]) == [Command.set([3, 4])]
    (True, True)
    >>> as_commands([(4, 7)])
    [(4, 7, 0)]
    """
    if isinstance(value, BaseModel):
        return [Command.set(value.ids)]
    if value is None or value is False:
        return [Command.clear()]
    if isinstance(value, tuple) or (value and not isinstance(value[0], tuple | list)):
        return [Command.set(list(value))]
    return [(*command, 0, 0)[:3] for command in value]
