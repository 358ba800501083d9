"""Pictures that the server draws as SVG: where everything stands is worked out here, templates write it down."""

from __future__ import annotations

from server.pictures.harvest import Harvest, harvest_of
from server.pictures.neighbourhood import Neighbourhood, Picture, neighbourhood_of
from server.pictures.ranges import Scale, scale_of

__all__ = ["Harvest", "Neighbourhood", "Picture", "Scale", "harvest_of", "neighbourhood_of", "scale_of"]
