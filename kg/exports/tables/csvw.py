"""The tables as CSV with metadata of CSV on the Web: what each column is, of which datatype, in which unit."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kg.exports.tables.tables import Column, Table, tables
from kg.files.written import write
from kg.rdf.vocabulary import DATA_LICENCE
from kg.reader.reader import Reader

METADATA = "csv-metadata.json"


def export(reader: Reader, target: Path) -> None:
    """Writes a CSV file for each table and their metadata into a folder.

    Raises:
        VitkError: a file cannot be written.
    """
    described = []
    for table in tables(reader):
        write(target / f"{table.name}.csv", _content(table))
        described.append(_description(table))
    metadata = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "@type": "TableGroup",
        "dc:title": "Tables of vitk",
        "dc:source": reader.vocabulary.base + "dataset",
        "dc:license": {"@id": DATA_LICENCE},
        "dc:identifier": reader.release.id,
        "tables": described,
    }
    write(target / METADATA, json.dumps(metadata, ensure_ascii=False, indent=1).encode() + b"\n")


def _content(table: Table) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    names = [column.name for column in table.columns]
    writer.writerow(names)
    writer.writerows([row[name].value if name in row else "" for name in names] for row in table.rows)
    return written.getvalue().encode()


def _description(table: Table) -> dict[str, Any]:
    return {
        "@type": "Table",
        "url": f"{table.name}.csv",
        "dc:description": table.query.summary,
        "tableSchema": {"columns": [described(column) for column in table.columns]},
    }


def document(reader: Reader, address: str, title: str, summary: str, columns: Sequence[Column]) -> bytes:
    """Returns the description of one CSV at an address.

    A column with the name of a term of the ontology has values of that property. Food tables in the rows have the
    licences of their publishers; the licence is that of the compilation.
    """
    terms = {column.name: reader.vocabulary.term(column.name) for column in columns}
    found = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": address,
        "dc:title": title,
        "dc:description": summary,
        "dc:source": reader.vocabulary.base + "dataset",
        "dc:license": {"@id": DATA_LICENCE},
        "dc:identifier": reader.release.id,
        "tableSchema": {
            "columns": [
                described(column, terms[column.name] if reader.exists(terms[column.name]) else "") for column in columns
            ]
        },
    }
    return json.dumps(found, ensure_ascii=False, indent=1).encode() + b"\n"


def described(column: Column, property_url: str = "") -> dict[str, Any]:
    """Returns the description of a column; ``property_url`` is the property that its values are of, or ""."""
    return {
        "name": column.name,
        "titles": column.name,
        "datatype": column.datatype,
        **({"propertyUrl": property_url} if property_url else {}),
        **({"dc:description": f"Unit: {column.unit}"} if column.unit else {}),
    }
