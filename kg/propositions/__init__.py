"""Propositions as pages, API and explanations read them; ``kg.build.assess`` computes what is read here.

``index`` has every proposition with its assessment, read once; ``evidence`` has the studies on all of them, and the
ladder; ``evidence_summary`` sorts the studies on one by design and side; ``assessment`` has the steps and the evidence.
"""
