"""Between granian and the WSGI application: the only part of the server that talks to clients.

``serving`` starts granian's RSGI workers with our scheduler, ``gateway`` calls the application in a thread, ``environ``
is the request as WSGI, ``request_bodies`` receives bodies while no thread waits, ``spool`` names files for granian to
send, ``connections`` closes those that hardly read, ``housekeeping`` is the one thread that looks after all of them.
"""
