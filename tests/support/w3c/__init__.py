"""The W3C's SPARQL evaluation tests: what they are, and whether a result is the expected one."""
