"""The read model of an entity: what page, API, agents and Markdown say of it comes from ``view``."""
