"""What is reported to people: ``console`` prints the reports of commands, ``log`` writes lines to standard error, and
``streams`` prepares both for whatever they are connected to."""
