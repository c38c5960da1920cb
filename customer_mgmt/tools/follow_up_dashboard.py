"""Builds the dashboard "Follow-ups": ``python customer_mgmt/tools/follow_up_dashboard.py`` writes its file anew.

Odoo shows dashboards but has no editor for them here, and their files are too long to be written by hand.
"""

import json
from pathlib import Path

FILE = Path(__file__).parents[1] / "data" / "files" / "follow_up_dashboard.json"
MODEL = "partner.follow.up.report"
ACTION = "customer_mgmt.partner_follow_up_report_action"
MENU = "customer_mgmt.partner_follow_up_report_menu"
COLUMN_WIDTHS = (165, 110, 110, 200, 150, 110, 105, 125, 120)
WIDTH = sum(COLUMN_WIDTHS)
GREEN, RED, BLUE, GREY = "#00A04A", "#DC6965", "#4EA7F2", "#434343"
HEADING, HEADER, TEXT = 1, 2, 3
STYLES = {
    str(HEADING): {"textColor": "#01666b", "bold": True, "fontSize": 16},
    str(HEADER): {"fontSize": 11, "textColor": GREY, "bold": True, "verticalAlign": "middle"},
    str(TEXT): {"textColor": GREY, "verticalAlign": "middle"},
}
# id: (label, model or None for the period, field)
FILTERS = {
    "period": ("Period", None, "date"),
    "team": ("Team", "crm.team", "team_id"),
    "person": ("Salesperson", "res.users", "user_id"),
    "category": ("Category", "customer.category", "customer_category_id"),
}
# The figures at the top: (id, title, measure, format, kind of the facts it is made of)
FIGURES = (
    ("reach", "Reached", "reach_rate", "0%", "contact"),
    ("response", "Median Hours to First Response", "response_median", "0.0", "assignment"),
    ("coverage", "Coverage", "coverage_rate", "0%", "coverage"),
    ("on_time", "On Time", "on_time_rate", "0%", "step"),
)
# Rows of the sheet, from 1 on.
CHARTS_AT, WEEKS_AT, PEOPLE_AT = 7, 25, 36
WEEKS, PEOPLE = 8, 30


def global_filters():
    """Return the filters above the dashboard."""
    filters = []
    for key, (label, model, _field) in FILTERS.items():
        if model:
            filters.append({"id": key, "type": "relation", "label": label, "modelName": model})
        else:
            filters.append({"id": key, "type": "date", "label": label, "defaultValue": "last_30_days"})
    return filters


def matching(offset=0, period=True):
    """Return which fields the filters apply to; ``offset`` -1 is the period before.

    >>> matching(offset=-1)["period"], matching(period=False)["team"]
    ({'chain': 'date', 'type': 'date', 'offset': -1}, {'chain': 'team_id', 'type': 'many2one'})
    """
    fields = {
        key: {"chain": field, "type": "many2one"} if model else {"chain": field, "type": "date", "offset": offset}
        for key, (_label, model, field) in FILTERS.items()
    }
    if not period:
        del fields["period"]
    return fields


def pivot(key, name, measures, *, rows=(), columns=(), domain=(), offset=0, order=None, opened_by=()):
    """Return a pivot; ``measures`` is {field: format or None}, ``opened_by`` groups the records that a cell opens."""
    return {
        "type": "ODOO",
        "id": key,
        "formulaId": key,
        "name": name,
        "model": MODEL,
        "domain": list(domain),
        "context": {"group_by": list(opened_by)} if opened_by else {},
        "actionXmlId": ACTION,
        "rows": [{"fieldName": field, **granularity} for field, granularity in rows],
        "columns": [{"fieldName": field, **granularity} for field, granularity in columns],
        "measures": [
            {"id": field, "fieldName": field, **({"format": shown} if shown else {})}
            for field, shown in measures.items()
        ],
        "sortedColumn": order and {"measure": order, "order": "desc", "domain": []},
        "fieldMatching": matching(offset),
    }


def figure(key, data, place, size):
    """Return a figure at ``place`` (x, row, pixels below the row) of ``size`` (width, height)."""
    return {
        "id": key,
        "tag": "chart",
        "col": 0,
        "row": place[1],
        "offset": {"x": place[0], "y": place[2]},
        "width": size[0],
        "height": size[1],
        "data": {"chartId": key, **data},
    }


def scorecard(key, title, row, place, *, more_is_better=True):
    """Return one figure with the change since the period before, from a ``row`` of the sheet "Data"."""
    good, bad = (GREEN, RED) if more_is_better else (RED, GREEN)
    data = {
        "type": "scorecard",
        "title": {"text": title, "bold": True, "color": GREY},
        "background": "#EFF6FF",
        "keyValue": f"Data!B{row}",
        "baseline": f"Data!C{row}",
        "baselineMode": "difference",
        "baselineDescr": {"text": "since last period"},
        "baselineColorUp": good,
        "baselineColorDown": bad,
        "humanize": False,
    }
    width = (WIDTH - 3 * 12) // 4
    return figure(key, data, (place * (width + 12), 0, 11), (width, 105))


def chart(key, title, kind, group, measure, domain, place, *, period=True, **more):
    """Return a chart over half the width that opens its records; a phone shows figures alone, so it has its title."""
    data = {
        "type": kind,
        "title": {"text": title, "bold": True, "fontSize": 16, "color": STYLES[str(HEADING)]["textColor"]},
        "background": "#FFFFFF",
        "legendPosition": "none",
        "dataSets": [{}],
        "verticalAxisPosition": "left",
        "stacked": False,
        "actionXmlId": ACTION,
        "metaData": {"groupBy": [group], "measure": measure, "order": None, "resModel": MODEL, "mode": "bar"},
        "searchParams": {
            "comparison": None,
            "context": {"group_by": []},
            "domain": domain,
            "groupBy": [group],
            "orderBy": [],
        },
        "fieldMatching": matching(period=period),
        **more,
    }
    return figure(key, data, (place * (WIDTH // 2 + 10), CHARTS_AT - 1, 5), (WIDTH // 2 - 10, 400))


def link(title, domain, **context):
    """Return a cell that opens the records behind what stands below it."""
    view = {
        "viewType": "graph",
        "action": {
            "domain": domain,
            "context": context,
            "modelName": MODEL,
            "views": [[False, "graph"], [False, "pivot"], [False, "list"], [False, "search"]],
        },
        "threshold": 0,
        "name": title,
    }
    return f"[{title}](odoo://view/{json.dumps(view)})"


def sheet(key, name, cells, **more):
    """Return a sheet of the workbook."""
    return {
        "id": key,
        "name": name,
        "colNumber": len(COLUMN_WIDTHS),
        "rowNumber": PEOPLE_AT + PEOPLE + 5,
        "rows": {},
        "cols": {},
        "merges": [],
        "cells": cells,
        "styles": {},
        "formats": {},
        "borders": {},
        "conditionalFormats": [],
        "dataValidationRules": [],
        "figures": [],
        "tables": [],
        "areGridLinesVisible": False,
        "isVisible": True,
        "headerGroups": {"ROW": [], "COL": []},
        "comments": {},
        **more,
    }


def front():
    """Return the sheet that people see."""
    assigned, overdue = [["kind", "=", "assignment"]], [["overdue_age", "!=", False]]
    contacts, months = [["kind", "=", "contact"]], [["kind", "=", "coverage"]]
    last_column = chr(ord("A") + len(COLUMN_WIDTHS) - 1)
    week_cells, people = f"B{WEEKS_AT + 2}:I{WEEKS_AT + 1 + WEEKS}", f"A{PEOPLE_AT + 1}:{last_column}{PEOPLE_AT + 2}"
    return sheet(
        "dashboard",
        "Dashboard",
        {
            f"A{WEEKS_AT}": link("On which days do we talk to customers?", contacts, graph_groupbys=["date:day"]),
            f"A{WEEKS_AT + 1}": f"=PIVOT(3, {WEEKS}, FALSE, TRUE, 7, FALSE)",
            f"A{PEOPLE_AT}": link("Who looks after the customers, and how?", months, graph_measure="coverage_rate"),
            f"A{PEOPLE_AT + 1}": f"=PIVOT(4, {PEOPLE})",
        },
        cols={str(place): {"size": width} for place, width in enumerate(COLUMN_WIDTHS)},
        rows={str(row - 1): {"size": 40} for row in (WEEKS_AT, PEOPLE_AT)},
        styles={
            **{f"A{row}": HEADING for row in (WEEKS_AT, PEOPLE_AT)},
            f"A{WEEKS_AT + 1}:I{WEEKS_AT + 1}": HEADER,
            people: HEADER,
            f"A{WEEKS_AT + 2}:I{WEEKS_AT + 1 + WEEKS}": TEXT,
            f"A{PEOPLE_AT + 3}:{last_column}{PEOPLE_AT + 2 + PEOPLE}": TEXT,
        },
        conditionalFormats=[
            {
                "id": "weeks",
                "ranges": [week_cells],
                "rule": {
                    "type": "ColorScaleRule",
                    "minimum": {"type": "value", "color": 0xEFF6FF},
                    "maximum": {"type": "value", "color": 0x4EA7F2},
                },
            }
        ],
        figures=[
            *(
                scorecard(key, title, place + 2, place, more_is_better=key != "response")
                for place, (key, title, *_rest) in enumerate(FIGURES)
            ),
            chart(
                "funnel",
                "How far do first responses get?",
                "odoo_funnel",
                "response",
                "assigned",
                assigned,
                0,
                cumulative=True,
                showValues=True,
                funnelColors=[BLUE] * 4,
            ),
            chart(
                "ageing",
                "For how long are steps overdue?",
                "odoo_bar",
                "overdue_age",
                "overdue",
                overdue,
                1,
                period=False,
                showValues=True,
                dataSets=[{"backgroundColor": RED}],
            ),
        ],
    )


def figure_pivots(place):
    """Return the ids of the pivots of the figure at ``place``: of the period, and of the one before.

    >>> figure_pivots(0), figure_pivots(1)
    (('11', '21'), ('12', '22'))
    """
    return f"{11 + place}", f"{21 + place}"


def data():
    """Return the sheet that the figures at the top are read from."""
    cells = {"A1": '=_t("Figure")', "B1": '=_t("Current")', "C1": '=_t("Previous")'}
    for row, (_key, label, measure, _format, _kind) in enumerate(FIGURES, 2):
        cells[f"A{row}"] = f'=_t("{label}")'
        now, before = figure_pivots(row - 2)
        cells[f"B{row}"] = f'=PIVOT.VALUE({now},"{measure}")'
        # Without a figure there is no change either.
        cells[f"C{row}"] = f'=IF(B{row}="","",PIVOT.VALUE({before},"{measure}"))'
    return sheet("data", "Data", cells, isVisible=False)


def build():
    """Return the dashboard as Odoo's spreadsheets are stored (dict)."""
    everyone = {
        "attempts": "0",
        "reach_rate": "0%",
        "response_median": "0.0",
        "sla_rate": "0%",
        "coverage_rate": "0%",
        "on_time_rate": "0%",
        "plan_rate": "0%",
        "overdue": "0",
    }
    pivots = [
        # One for each figure, so that it opens the rows it is made of.
        *(
            pivot(key, label, {measure: shown}, domain=[["kind", "=", kind]], offset=offset)
            for place, (_key, label, measure, shown, kind) in enumerate(FIGURES)
            for key, offset in zip(figure_pivots(place), (0, -1), strict=True)
        ),
        pivot(
            "3",
            "",
            {"attempts": "0"},
            rows=[("date", {"granularity": "week", "order": "desc"})],
            columns=[("weekday", {"order": "asc"})],
            domain=[["kind", "=", "contact"]],
        ),
        pivot(
            "4",
            "",
            everyone,
            rows=[("user_id", {})],
            domain=[["user_id", "!=", False]],
            order="attempts",
            opened_by=["kind"],
        ),
    ]
    return {
        "version": "18.5.10",
        "revisionId": "START_REVISION",
        "uniqueFigureIds": True,
        "settings": {},
        "styles": STYLES,
        "formats": {},
        "borders": {},
        "customTableStyles": {},
        "sheets": [front(), data()],
        "pivots": {each["id"]: each for each in pivots},
        "pivotNextId": max(int(each["id"]) for each in pivots) + 1,
        "lists": {},
        "listNextId": 1,
        "globalFilters": global_filters(),
        "chartOdooMenusReferences": dict.fromkeys((key for key, *_rest in FIGURES), MENU),
    }


def as_text():
    """Return the text of the file."""
    return json.dumps(build(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(as_text(), encoding="utf-8")
