"""Runs untrusted queries in processes that can be killed.

``pool`` is the engine; queries wait in a ``queue``; ``handles`` are its ends of the processes; the ``zygote`` loads the
graph once and forks each ``worker``; they exchange messages by ``ipc``; ``process`` sets limits and priorities;
``label_columns`` adds labels to results.
"""
