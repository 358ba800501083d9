"""How a release is made; ``pipeline`` is the recipe."""
