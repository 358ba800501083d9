"""What an assessment needs to know.

``facts`` defines it, with the values of ``terms`` and what stands within what of ``hierarchy``; ``read_facts`` reads it
from a store, and ``bias`` says which risk of bias a study has.
"""
