"""WSGI middleware, outermost first.

1. ``access_log`` times everything below it.
2. ``path_prefix`` strips the path of the public URL.
3. ``request_line`` checks method, target and Host.
4. ``cpu_affinity`` keeps the answering thread on one core.
5. ``cache`` answers repeated requests.
6. ``compression`` sends what is not cached.
"""
