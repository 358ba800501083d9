"""JSON schemas that several operations share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Schema = dict[str, Any]

STRING: Schema = {"type": "string"}


def array(items: Schema) -> Schema:
    """Returns the schema of a list."""
    return {"type": "array", "items": items}


def record(properties: Mapping[str, Schema], optional: Iterable[str] = ()) -> Schema:
    """Returns the schema of an object all of whose members are required but the optional ones."""
    left_out = set(optional)
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in left_out],
    }


REFERENCE = record({"iri": STRING, "label": STRING, "url": STRING})
REFERENCES = array(REFERENCE)
CLAIM_REFERENCE: Schema = {
    **record({**REFERENCE["properties"], "flaws": array({"type": "object"})}),
    "description": "a claim, with what is wrong with it",
}
CLAIM_REFERENCES = array(CLAIM_REFERENCE)
FLAWS = array(record({"said": STRING, "why": STRING, "kinds": REFERENCES, "corrections": CLAIM_REFERENCES}))
OPTIONAL_REFERENCE: Schema = {"anyOf": [REFERENCE, {"type": "null"}]}
PROPOSITION = record(
    {
        **dict.fromkeys(("iri", "label", "url"), STRING),
        "type": REFERENCE,
        "direction": {**REFERENCE, "description": "the assessed direction"},
        "certainty": {**OPTIONAL_REFERENCE, "description": "computed; null where the direction takes no side"},
    }
)
VERDICT: Schema = {
    **OPTIONAL_REFERENCE,
    "deprecated": True,
    "description": "Deprecated: use standing. Removed in the next version.",
}
CLAIM = record(
    {
        "claim": CLAIM_REFERENCE,
        "type": REFERENCE,
        "roles": REFERENCES,
        "hedge": OPTIONAL_REFERENCE,
        "section": OPTIONAL_REFERENCE,
        "source": {**OPTIONAL_REFERENCE, "description": "the document that makes the claim"},
        "proposition": {"anyOf": [PROPOSITION, {"type": "null"}]},
        "polarity": {**OPTIONAL_REFERENCE, "description": "the side that the claim takes on its proposition"},
        "fit": {**OPTIONAL_REFERENCE, "description": "whether it says exactly what the proposition says, more or less"},
        "standing": OPTIONAL_REFERENCE,
        "restsOn": {**REFERENCES, "description": "propositions that it presupposes and that are not shown"},
        "verdict": VERDICT,
        "isFlawed": {"type": "boolean"},
        "isCorrected": {"type": "boolean"},
    }
)
