"""Introductory texts for agents: the schema card, and the common pitfalls."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from kg.reader.reader import Reader

PITFALLS = Path(__file__).with_name("pitfalls.md")
_EXAMPLE = "foods-by-form"


def pitfalls() -> dict[str, str]:
    """Returns the text of each pitfall by its name, from ``pitfalls.md``."""
    parts = re.split(r"^## (.+)\n", PITFALLS.read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], (text.strip() for text in parts[2::2]), strict=True))


def write_card(reader: Reader) -> str:
    """Writes the schema in Markdown: prefixes, graphs, classes with entity counts, properties, and an example."""
    vocabulary = reader.vocabulary
    ontology = vocabulary.graph("ontology")
    counts = {named.iri: named.count for named in reader.release.manifest.counts.entities}
    lines = [f"# vitk, release {reader.release.id}", "", "## Prefixes", "", "```sparql"]
    lines += [f"PREFIX {prefix}: <{start}>" for prefix, start in vocabulary.prefixes.items()]
    lines += ["```", "", "The default graph is the union of these graphs.", "", "## Graphs", ""]
    lines += [f"- graph:{graph.label}: {graph.count:,} triples" for graph in reader.release.manifest.counts.graphs]
    lines += ["", "## Classes [number of direct instances]", ""]
    above: defaultdict[str, list[str]] = defaultdict(list)
    definitions: dict[str, str] = {}
    for row in reader.run("pages/schema-classes", {"graph": ontology}):
        iri = row["class"].value
        definitions[iri] = row["definition"].value
        if "above" in row:
            above[iri].append(vocabulary.shorten(row["above"].value))
    for iri, definition in definitions.items():
        below = f" < {', '.join(above[iri])}" if above[iri] else ""
        number = f" [{counts[iri]:,}]" if iri in counts else ""
        lines.append(f"- {vocabulary.shorten(iri)}{below}{number}: {definition}")
    lines += ["", "## Properties (subject → object)", ""]
    for iri, group in reader.grouped(reader.run("pages/schema-properties", {"graph": ontology}), "property").items():
        ends = [
            " or ".join(dict.fromkeys(vocabulary.shorten(row[end].value) for row in group if end in row)) or "any"
            for end in ("domain", "range")
        ]
        lines.append(f"- {vocabulary.shorten(iri)} ({ends[0]} → {ends[1]}): {group[0]['definition'].value}")
    query = reader.catalogue[_EXAMPLE]
    lines += ["", f"## Example: {query.title}", "", "```sparql", reader.catalogue.example(query).strip(), "```", ""]
    return "\n".join(lines)
