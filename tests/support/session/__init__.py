"""How a session of tests runs: on how many processes, from which release, and with whose routes."""
