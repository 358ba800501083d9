"""What is reported to people.

``console`` prints the reports of commands, ``lines`` prints single lines, and ``log`` writes lines to standard error.
"""
