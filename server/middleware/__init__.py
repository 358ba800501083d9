"""WSGI middleware, outermost first.

1. ``access_log`` times everything below it.
2. ``path_prefix`` strips the path of the public URL.
3. ``request_line`` checks method, target and Host.
4. ``request_body`` receives bodies, so that no thread below waits for a slow client.
5. ``cpu_affinity`` keeps the answering thread on one core.
6. ``cache`` answers repeated requests.
7. ``compression`` sends what is not cached.
"""
