"""How a session of tests runs: on how many processes, and from which release."""
