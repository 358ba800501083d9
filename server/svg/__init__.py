"""Charts: the layout is computed here, templates write the markup."""

from __future__ import annotations

from server.svg.evidence_plot import EvidencePlot, plot_evidence
from server.svg.forest_chart import ForestPanel
from server.svg.forest_plot import ForestPlot, Scale, plot_effects, scale_for
from server.svg.neighbourhood import Layout, Neighbourhood, lay_out_neighbourhood
from server.svg.structure import Structure, structure_of

__all__ = [
    "EvidencePlot",
    "ForestPanel",
    "ForestPlot",
    "Layout",
    "Neighbourhood",
    "Scale",
    "Structure",
    "lay_out_neighbourhood",
    "plot_effects",
    "plot_evidence",
    "scale_for",
    "structure_of",
]
