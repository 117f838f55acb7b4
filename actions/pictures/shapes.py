"""One Altair specification per chart, without its data.

`python -m actions.pictures.shapes` writes them to `data/`, which is all that serving needs. Sums
stay whole minor units: the axis divides by ``unit`` where it writes a number. Colours are of Okabe
and Ito's palette ("Color universal design", 2008), which colour-blind people tell apart, and no
chart tells anything by colour alone. Sizes are for a phone of 360 px.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import altair as alt

DATA = Path(__file__).parent / "data"
WIDTH = 340
"""Pixels of a drawn chart with all around it; a page stretches it to its own width."""
LABEL_WIDTH = 118
PLOT_HEIGHT = 170
Layered = alt.LayerChart | alt.FacetChart
BLUE, ORANGE, INK, MUTED, GRID = "#0072B2", "#D55E00", "#1c2420", "#5f6b65", "#e4e2da"
FONT = "Liberation Sans"
"""Comes with vl-convert; a page draws in its own."""

_MONEY = (
    "(datum.value < 0 ? '−' : '') + before + "
    "format(abs(datum.value) / unit, abs(datum.value) / unit >= 10000 ? ',.3~s' : ',.0f') + after"
)
_DAY = "monthFirst ? timeFormat(datum.value, '%b %-d') : timeFormat(datum.value, '%-d %b')"


def _config() -> dict[str, Any]:
    """What all charts share; a page replaces the colours where it is dark."""
    return {
        "background": "#ffffff",
        "font": FONT,
        "view": {"stroke": None},
        "bar": {"color": BLUE, "cornerRadiusEnd": 3},
        "line": {"color": BLUE, "strokeWidth": 2.5},
        "area": {"color": BLUE, "opacity": 0.18},
        "point": {"color": ORANGE, "filled": True, "size": 90},
        "text": {"color": INK, "fontSize": 12},
        "title": {
            "color": INK,
            "fontSize": 14,
            "subtitleColor": MUTED,
            "subtitleFontSize": 12,
            "subtitlePadding": 4,
            "anchor": "start",
            "offset": 12,
            "limit": WIDTH - 24,
        },
        "axis": {
            "labelColor": INK,
            "labelFontSize": 12,
            "title": None,
            "domain": False,
            "ticks": False,
            "gridColor": GRID,
            "labelPadding": 6,
        },
        "axisQuantitative": {"labelColor": MUTED},
        "style": {
            "ground": {"color": MUTED, "strokeWidth": 1},
            "even": {"color": MUTED, "strokeWidth": 1.5, "strokeDash": [4, 4]},
            "empty": {"color": ORANGE, "strokeWidth": 1.5, "strokeDash": [4, 4]},
            "cap": {"color": ORANGE, "strokeWidth": 2},
        },
    }


def _x_money() -> alt.X:
    scale = alt.Scale(domainMin=alt.expr("least"), domainMax=alt.expr("most"), nice=False)
    return alt.X("minor:Q", axis=None, scale=scale)


def _y_money(field: str = "minor") -> alt.Y:
    scale = alt.Scale(domainMin=alt.expr("least"), domainMax=alt.expr("most"), nice=False)
    axis = alt.Axis(labelExpr=_MONEY, tickCount=4, grid=True)
    return alt.Y(f"{field}:Q", axis=axis, scale=scale)


def _told() -> list[alt.Tooltip]:
    return [alt.Tooltip("label:N", title="For"), alt.Tooltip("text:N", title="Sum")]


def bars() -> Layered:
    """Groups or ranks, the largest on top, each with its name and its sum."""
    axis = alt.Axis(labelLimit=LABEL_WIDTH, grid=False)
    base = alt.Chart(alt.NamedData("marks")).encode(
        y=alt.Y("label:N", sort=None, axis=axis), tooltip=_told()
    )
    drawn = base.mark_bar(height=18).encode(x=_x_money())
    sums = base.mark_text(align="left", dx=5).encode(
        x=alt.X("end:Q", axis=None), text=alt.Text("text:N")
    )
    return alt.layer(drawn, sums).properties(height=alt.Step(30))


def columns() -> Layered:
    """Sums of days, weeks or months in order, the last in its place on the right."""
    axis = alt.Axis(labelAngle=0, labelOverlap="greedy", grid=False)
    base = alt.Chart(alt.NamedData("marks")).encode(
        x=alt.X("short:N", sort=None, axis=axis, scale=alt.Scale(paddingInner=0.25)),
        tooltip=_told(),
    )
    drawn = base.mark_bar().encode(y=_y_money())
    zero = alt.Chart(alt.InlineData(values=[{}])).mark_rule(style="ground")
    return alt.layer(drawn, zero.encode(y=alt.datum(0))).properties(height=PLOT_HEIGHT)


def sides() -> Layered:
    """Two sums side by side; what is compared stands out from what it is held against."""
    axis = alt.Axis(labelLimit=LABEL_WIDTH, grid=False)
    base = alt.Chart(alt.NamedData("marks")).encode(
        y=alt.Y("label:N", sort=None, axis=axis), tooltip=_told()
    )
    drawn = base.mark_bar(height=24).encode(
        x=_x_money(),
        fillOpacity=alt.condition(alt.datum.name == "total", alt.value(1), alt.value(0.45)),
    )
    sums = base.mark_text(align="left", dx=5, fontWeight="bold").encode(
        x=alt.X("end:Q", axis=None), text=alt.Text("text:N")
    )
    return alt.layer(drawn, sums).properties(height=alt.Step(38))


def _days() -> alt.X:
    axis = alt.Axis(labelExpr=_DAY, tickCount=4, grid=False, labelFlush=True)
    return alt.X("day:T", axis=axis)


def forecast() -> Layered:
    """The expected balance by day, the range that holds four outcomes of five, the lowest day."""
    told = [alt.Tooltip("label:N", title="On"), alt.Tooltip("text:N", title="Expected")]
    base = alt.Chart(alt.NamedData("marks")).encode(x=_days())
    band = base.mark_area().encode(y=_y_money("low"), y2="high:Q")
    line = base.mark_line().encode(y=_y_money(), tooltip=told)
    lowest = base.transform_filter("datum.lowest")
    mark = lowest.mark_point().encode(y=_y_money(), tooltip=told)
    name = lowest.mark_text(dy=-15, align=alt.expr("lowestAlign"), fontWeight="bold").encode(
        y=_y_money(), text=alt.Text("text:N")
    )
    zero = alt.Chart(alt.InlineData(values=[{}])).mark_rule(style="empty")
    return alt.layer(band, zero.encode(y=alt.datum(0)), line, mark, name).properties(
        height=PLOT_HEIGHT + 20
    )


def pace() -> Layered:
    """What was spent by each day of a budget's time, its cap, and an even pace to it."""
    told = [alt.Tooltip("label:N", title="By"), alt.Tooltip("text:N", title="Spent")]
    base = alt.Chart(alt.NamedData("marks")).encode(x=_days())
    even = base.mark_line(style="even").encode(y=_y_money("even"))
    spent = base.transform_filter("isValid(datum.minor)")
    area = spent.mark_area(interpolate="step-after").encode(y=_y_money())
    line = spent.mark_line(interpolate="step-after").encode(y=_y_money(), tooltip=told)
    so_far = base.transform_filter("datum.name == 'spent'").mark_text(
        align="left", dx=7, fontWeight="bold"
    )
    rule = base.mark_line(style="cap").encode(y=_y_money("cap"))
    name = (
        base.transform_filter("datum.last")
        .mark_text(align="right", dy=-8, fontWeight="bold")
        .encode(y=_y_money("cap"), text=alt.Text("capText:N"))
    )
    now = so_far.encode(y=_y_money(), text=alt.Text("text:N"))
    return alt.layer(area, even, line, rule, name, now).properties(height=PLOT_HEIGHT)


SHAPES: Mapping[str, Callable[[], Layered]] = {
    "bars": bars,
    "columns": columns,
    "sides": sides,
    "forecast": forecast,
    "pace": pace,
}


def template(kind: str) -> dict[str, Any]:
    """A chart's Vega-Lite specification, its data still empty.

    Args:
        kind: One of `SHAPES`.
    """
    fit = alt.AutoSizeParams(type="fit-x", contains="padding")
    with alt.data_transformers.enable(consolidate_datasets=False):
        spec = SHAPES[kind]().properties(width=WIDTH, autosize=fit, padding=12).to_dict()
    spec["config"] = _config()
    spec["datasets"] = {"marks": []}
    return spec


def text_of(kind: str) -> str:
    """The file's text."""
    return json.dumps(template(kind), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    for name in SHAPES:
        (DATA / f"{name}.json").write_text(text_of(name), encoding="utf-8")
