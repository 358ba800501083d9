"""How a query is run. ``engine`` is the seam that every engine fits.

Reading: ``tokens`` reads query text, ``guard`` refuses what must not run, ``diagnosis`` tells what is wrong, by
``causes`` that the engine names and ``mistakes`` that show in the ``words``, ``unknown`` tells what does not exist.

Running: ``embedded`` runs trusted queries in this process; ``workers`` runs strangers' queries in processes that can be
killed, which wait at a ``desk``, forked by ``zygote``, each of them a ``worker``, spoken to over a ``channel``;
``memory`` reads a graph for both. ``remote`` has an engine ``elsewhere`` run them, watches which release is ``held``
there and sees that answers are ``whole``.

Answering: ``output`` collects, ``writing`` and ``jsonld`` write, ``labelled`` adds labels.
"""
