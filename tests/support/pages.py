"""A sample of pages, and how a browser asks for them."""

from __future__ import annotations

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PAGES = ["/", "/about", "/search?q=mk-7", "/search?type=Menaquinone", "/sparql", "/page/menaquinone-7", "/page/vitamin-k2",
         "/page/claim-f034-1", "/page/section-heart", "/page/natto", "/ontology/Claim", "/ontology/subject", "/guide", "/guide/readers",
         "/guide/researchers", "/guide/developers"]  # fmt: skip
