"""Pictures that the server draws as SVG: where everything stands is worked out here, templates write it down."""

from __future__ import annotations

from server.svg.evidence_plot import Harvest, harvest_of
from server.svg.forest_plot import Scale, scale_of
from server.svg.neighbourhood import Neighbourhood, Picture, neighbourhood_of

__all__ = ["Harvest", "Neighbourhood", "Picture", "Scale", "harvest_of", "neighbourhood_of", "scale_of"]
