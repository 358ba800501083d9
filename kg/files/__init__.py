"""Files that people edit: ``text_files`` decodes them and counts their lines, ``tsv_files`` reads tables in them.
``temporary`` finds the folder for files that nobody edits, ``written`` writes what a user asked for."""
