"""Query engines.

``interface`` defines what every engine has in common: requests, results, errors and their wording. ``embedded`` runs
trusted queries in the serving process. Untrusted queries run in ``workers``, processes that can be killed, or at a
``remote`` SPARQL endpoint; ``factory`` chooses between these two.
"""
