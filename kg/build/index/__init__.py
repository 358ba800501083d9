"""Stage *index* fills the side index: ``search``, ``completion``, ``facets``, ``food_ranking``, ``backlink_counts``."""
