"""Stage *infer*: ``rules`` materialises inferences.

``owl_proof`` and ``owl_consistency`` prove them with HermiT, at the end of the stage *check*.
"""
