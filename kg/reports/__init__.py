"""What is reported to people: ``console`` prints the reports of commands, ``lines`` single lines, ``log`` writes lines to standard error."""
