"""Runs untrusted queries in processes that can be killed.

``pool`` is the engine; ``handles`` are the server's ends of the child processes. The ``zygote`` loads the graph once
and forks each ``worker``. They exchange messages over ``ipc``; ``process`` sets limits and priorities;
``label_columns`` adds labels to results.
"""
