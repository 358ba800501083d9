"""Files that people edit: ``text_files`` decodes them and counts their lines, ``tsv_files`` reads tables in them."""
