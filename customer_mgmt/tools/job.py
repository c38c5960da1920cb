"""What jobs that work in steps have in common: lost races, and statements that may not take for ever."""

import psycopg2

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

# What happens to a step when somebody else was faster: it is taken back as a whole and done again later.
LOST_RACES = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, psycopg2.errors.UniqueViolation)


class StatementLimit:
    """A context in which PostgreSQL cancels every statement that takes longer than ``limit`` (ms; None: any time).

    The statement then raises psycopg2.errors.QueryCanceled, and the transaction must be rolled back.

    >>> class Cursor:
    ...     def execute(self, statement):
    ...         print(statement if isinstance(statement, str) else (statement.code, *statement.params))
    >>> with StatementLimit(Cursor(), 30_000):
    ...     print("work")
    ("SELECT set_config('statement_timeout', %s, TRUE)", '30000')
    work
    SET LOCAL statement_timeout TO DEFAULT
    >>> with StatementLimit(Cursor(), None):
    ...     print("work")
    work
    """

    def __init__(self, cr, limit):
        self._cr = cr
        self._limit = limit

    def __enter__(self):
        if self._limit is not None:
            self._cr.execute(SQL("SELECT set_config('statement_timeout', %s, TRUE)", str(self._limit)))

    def __exit__(self, failed, *_error):
        if self._limit is not None and not failed:
            self._cr.execute("SET LOCAL statement_timeout TO DEFAULT")
