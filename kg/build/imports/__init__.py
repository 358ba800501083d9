"""What users import into a data folder, tables and graphs: staged, then installed together with a release."""
