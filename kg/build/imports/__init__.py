"""How what users import, tables and graphs, gets into a data folder: staged, then installed with a release."""
