"""Stage *dump*: files to download."""
