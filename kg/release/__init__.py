"""Releases as everybody reads them: ``release`` is a folder and the releases of a data folder, ``manifest`` what a
release says about itself, ``graph_dump`` one of its graphs as it is downloaded."""
