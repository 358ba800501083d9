"""What pages tell of things of one kind in numbers: a module for each group of kinds."""
