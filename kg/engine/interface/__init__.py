"""The interface of engines: ``base`` has requests, results and errors, ``messages`` puts errors into words."""
