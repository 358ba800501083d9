"""Query engines. ``base`` defines the interface that they implement.

``embedded`` runs trusted queries in this process. Untrusted queries run in ``workers``, processes that can be killed,
or at a ``remote`` SPARQL endpoint. ``loader`` reads a graph into memory; ``label_columns`` adds labels to results.
Reading queries is the job of ``kg.sparql``, writing results that of ``kg.rdf``.
"""
