"""What later builds reuse of earlier ones."""
