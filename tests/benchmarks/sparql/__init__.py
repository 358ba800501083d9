"""What the benchmark of the SPARQL service asks, prints, and makes larger."""
