"""Charts, drawn in the browser by Streamlit's own Vega-Lite, in the colours of its theme."""

import streamlit as st

HEIGHT, PRESENTED = 360, 560  # px, with the legend; from the back row
LEGEND = {"title": None, "orient": "top", "labelLimit": 300}
SYMBOLS = {"line": {"symbolType": "stroke", "symbolStrokeWidth": 3, "symbolSize": 300}, "bar": {}}
FROM_AFAR = {
    "axis": {"labelFontSize": 20, "titleFontSize": 20, "tickCount": 7},
    "legend": {"labelFontSize": 22},
}
ROW = 34  # characters of a legend that a phone has in one line
DASHES = [[1, 0], [8, 6], [2, 5], [12, 4, 2, 4]]  # so that curves that coincide are both seen
CURVES = [
    {
        "mark": {"type": "line", "strokeWidth": 2.5, "clip": True},
        "transform": [{"filter": "!datum.point"}],
        "encoding": {
            "strokeDash": {
                "field": "line",
                "type": "nominal",
                "sort": None,
                "legend": None,
                "scale": {"range": DASHES},
            }
        },
    },
    {
        "mark": {"type": "point", "filled": True, "size": 120},
        "transform": [{"filter": "datum.point"}],
    },
]
BARS = [{"mark": "bar", "encoding": {"xOffset": {"field": "line", "sort": None}}}]


def draw(charts, key, present=False):
    """Put one or more `convview.scenes.calculus.Chart` beside each other into the page.

    While only their numbers change the specifications stay the same, so they alone are drawn anew.
    """
    places = st.columns(len(charts)) if len(charts) > 1 else [st.container()]
    for number, (place, chart) in enumerate(zip(places, charts, strict=True)):
        place.vega_lite_chart(
            chart.columns(), _spec(chart, present), width="stretch", key=f"{key} {number}",
            alt=chart.said,
        )  # fmt: skip


def _spec(chart, present):
    bars = chart.kind == "bar"
    scale = {"type": "log"} if chart.logarithmic else {}
    ends = {"domain": chart.ends} if chart.ends else {}
    names = list(chart.lines | chart.points)
    columns = len(names) if sum(len(name) + 4 for name in names) <= ROW else 2
    return {
        "title": {"text": chart.title, "anchor": "start", "fontSize": 24 if present else 16},
        "layer": BARS if bars else CURVES,
        "encoding": {
            "x": {
                "field": "x",
                "type": "ordinal" if bars else "quantitative",
                "title": chart.x_title,
                "axis": {"labelAngle": 0},
                **({} if bars else {"scale": scale}),
            },
            "y": {
                "field": "y",
                "type": "quantitative",
                "title": chart.y_title,
                "scale": scale | ends,
            },
            "color": {
                "field": "line",
                "type": "nominal",
                "sort": None,
                "legend": LEGEND | SYMBOLS[chart.kind] | {"columns": columns},
            },
        },
        "height": PRESENTED if present else HEIGHT,
        **({"config": FROM_AFAR} if present else {}),
    }
