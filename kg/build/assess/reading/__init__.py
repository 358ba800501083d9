"""What an assessment needs to know: ``facts`` as types, ``read_facts`` reads them, ``bias`` is the risk of bias."""
