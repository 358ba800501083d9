"""What changed, imported graphs, and earlier releases by date."""
