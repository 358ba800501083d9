"""vitk from Python: a release on this machine or a server elsewhere, as rdflib graphs and pandas tables.

=================================  =================================================================================
``open_release(data_dir=None)``    a release that ``vitk build`` made, read from its store: ``LocalRelease``
``connect(url)``                   a running ``vitk serve``: ``Endpoint``
``.graph(name="")``                all graphs together, or one named graph, as an rdflib ``Graph``
``.dataset()``                     all named graphs as an rdflib ``Dataset`` (of a release only)
``.frame(query, **parameters)``    a query of the catalogue as a pandas ``DataFrame``
``.queries(words="")``             the queries of the catalogue with their titles
``frame_of(result)``               any SELECT result of rdflib as a ``DataFrame``
``in_micrograms(frame, …)``        amounts in one unit, and an error for what cannot be converted
``intervals(frame, …)``            a drawing of estimates with intervals, which notebooks show
=================================  =================================================================================

A release and a server give the same tables. Each module has one part: ``local`` and ``remote`` are what is opened,
``store`` and ``terms`` the bridge between the engine and rdflib, ``frames`` the tables, ``figures`` the drawing. Tables
need pandas: ``pip install 'vitk[pandas]'``.
"""

from __future__ import annotations

from kg.api.figures import Figure, intervals
from kg.api.frames import frame_of
from kg.api.local import LocalRelease, open_release
from kg.api.remote import Endpoint, connect
from kg.api.units import in_micrograms

__all__ = ["Endpoint", "Figure", "LocalRelease", "connect", "frame_of", "in_micrograms", "intervals", "open_release"]
