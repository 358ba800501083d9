"""Commands that need no server, and what they share; ``kg.cli`` puts them together."""
