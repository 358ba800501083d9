"""The interface of engines.

``base`` has requests, results and errors, ``cancellation`` says that nobody waits for a result any more, and
``messages`` puts errors into words.
"""
