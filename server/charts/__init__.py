"""The charts: each is made from the graph, drawn on pages, and sent as SVG, PNG or CSV at one URL.

``chart`` says what a chart is, ``registry`` has the table of all of them, ``files`` writes them, ``routes`` sends them.
The other modules read the graph, each for the charts about one subject.
"""

from __future__ import annotations

from server.charts.chart import Chart
from server.charts.registry import chart_of

__all__ = ["Chart", "chart_of"]
