"""Workbooks that people fill in and upload again."""

import io

import xlsxwriter

ROWS_TO_FILL = 1000  # as far as the drop-downs reach


def write_workbook(names: tuple, rows: list, explanations: list, choices: dict) -> bytes:
    """Return an XLSX file whose first sheet holds ``rows`` (lists of str, the first one bold and fixed).

    ``names`` are the titles of its three sheets: the rows, the ``explanations`` of their columns (lists of str, the
    first one bold), and the ``choices`` {column number: texts}, which the first sheet offers as drop-downs. Every
    value is text: a number keeps its zeros, and nothing is ever read as a formula.

    >>> write_workbook(("Customers", "Help", "Values"), [["Status"], ["Active"]], [], {0: ["Active"]})[:2]
    b'PK'
    """
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "bottom": 1})
    text = book.add_format({"num_format": "@"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet, help_sheet, values_sheet = (book.add_worksheet(name) for name in names)
    _fill(sheet, rows, bold, text)
    sheet.set_column(0, len(rows[0]) - 1, 22, text)
    _fill(help_sheet, explanations, bold, wrapped)
    help_sheet.set_column(0, 0, 30)
    help_sheet.set_column(1, 1, 100)
    for place, (column, values) in enumerate(choices.items()):
        values_sheet.set_column(place, place, 30)
        _fill_column(values_sheet, place, [rows[0][column], *values], bold)
        letter = xlsxwriter.utility.xl_col_to_name(place)
        source = f"='{names[2]}'!${letter}$2:${letter}${max(2, len(values) + 1)}"
        # A hint, not a lock: a list pasted from elsewhere must remain possible, the import says what is wrong with it.
        rule = {"validate": "list", "source": source, "error_type": "warning"}
        sheet.data_validation(1, column, ROWS_TO_FILL, column, rule)
    book.close()
    return target.getvalue()


def _fill(sheet, rows: list, bold, style) -> None:
    """Write ``rows`` with their first one bold and always in sight."""
    sheet.freeze_panes(1, 0)
    for place, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write_string(place, column, value, style if place else bold)


def _fill_column(sheet, column: int, values: list, bold) -> None:
    """Write ``values`` downwards, the first one bold."""
    for place, value in enumerate(values):
        sheet.write_string(place, column, value, None if place else bold)
