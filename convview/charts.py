"""Charts, drawn in the browser by Streamlit's own Vega-Lite, in the colours of its theme."""

import streamlit as st

HEIGHT = 360  # px, with the legend
LEGEND = {"title": None, "orient": "top", "labelLimit": 300, "columns": 2}
CURVES = [
    {
        "mark": {"type": "line", "strokeWidth": 2.5, "clip": True},
        "transform": [{"filter": "!datum.point"}],
    },
    {
        "mark": {"type": "point", "filled": True, "size": 120},
        "transform": [{"filter": "datum.point"}],
    },
]
BARS = [{"mark": "bar", "encoding": {"xOffset": {"field": "line", "sort": None}}}]


def draw(chart, key):
    """Put a `convview.scenes.calculus.Chart` into the page.

    While only its numbers change the specification stays the same, so they alone are drawn anew.
    """
    st.markdown(f"**{chart.title}**")
    st.vega_lite_chart(chart.columns(), _spec(chart), width="stretch", key=key, alt=chart.said)


def _spec(chart):
    bars = chart.kind == "bar"
    scale = {"type": "log"} if chart.logarithmic else {}
    ends = {"domain": chart.ends} if chart.ends else {}
    return {
        "layer": BARS if bars else CURVES,
        "encoding": {
            "x": {
                "field": "x",
                "type": "ordinal" if bars else "quantitative",
                "title": chart.x_title,
                "axis": {"labelAngle": 0},
                **({} if bars else {"scale": scale}),
            },
            "y": {"field": "y", "type": "quantitative", "title": None, "scale": scale | ends},
            "color": {"field": "line", "type": "nominal", "sort": None, "legend": LEGEND},
        },
        "height": HEIGHT,
    }
