"""What all engines share.

``base`` has their interface: requests, results and errors. Queries wait in a ``queue``, ``cancellation`` says that
nobody waits for a result any more, and ``messages`` puts errors into words.
"""
