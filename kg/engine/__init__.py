"""How a query is run: ``tokens`` reads query text, ``guard`` refuses what must not run, ``embedded`` runs trusted
queries in this process, ``workers`` runs strangers' queries in processes that can be killed."""
