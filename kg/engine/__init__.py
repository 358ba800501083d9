"""How queries are run.

``interface`` is what every engine has in common: requests, results, errors and their wording. ``embedded`` runs trusted
queries in the serving process; ``workers`` runs untrusted queries in processes that can be killed; ``remote`` sends
them to another SPARQL endpoint. ``factory`` chooses between the last two.
"""
