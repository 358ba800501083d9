"""The notebooks of the guide: scripts in the percent format, run by ``kg.api.notebooks`` and never imported.

``outputs/`` has what they gave on the repository's own data. Tests run them again and compare; pages show these files.
"""
