"""Stage *infer*: ``rules`` materialises what ``owl_proof`` and ``owl_consistency`` have HermiT prove."""
