"""How a query is run. ``engine`` is the seam that every engine fits; ``tokens`` reads query text and ``guard`` refuses
what must not run; ``embedded`` runs trusted queries in this process; ``workers`` runs strangers' queries in processes
that can be killed, forked by ``zygote``, each of them a ``worker``, spoken to over a ``channel``; ``memory`` reads a
graph for both."""
