"""Stage *infer*: ``rules`` materialises inferences; ``owl_proof`` and ``owl_consistency`` prove them with HermiT."""
