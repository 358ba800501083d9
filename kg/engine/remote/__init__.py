"""Runs untrusted queries at a remote SPARQL endpoint.

``engine`` is the engine, ``client`` speaks the SPARQL protocol over a ``connection`` with a total deadline,
``integrity`` checks that a response is complete, ``release_watch`` follows which release the endpoint holds, ``push``
loads a release into it.
"""
