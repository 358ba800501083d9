"""What the world sees of vitk; ``app.create_app`` is the table of contents."""
