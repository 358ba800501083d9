"""The tables as Parquet, with the unit of each column in its metadata. It needs the extra ``parquet``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kg.errors import VitkError
from kg.exports.tables.tables import Column, Table, tables
from kg.rdf.terms import Row
from kg.reader.reader import Reader


def export(reader: Reader, target: Path) -> None:
    """Writes a Parquet file for each table into a folder.

    Numbers are floating point or 64-bit integers; what is missing is null, never zero.

    Raises:
        VitkError: pyarrow is missing, or a file cannot be written.
    """
    try:
        from pyarrow import parquet
    except ImportError as error:
        raise VitkError("Parquet needs pyarrow: pip install 'vitk[parquet]'.") from error
    try:
        target.mkdir(parents=True, exist_ok=True)
        for table in tables(reader):
            parquet.write_table(_arrow(table, reader), target / f"{table.name}.parquet")
    except OSError as error:
        raise VitkError(f"{target}: cannot be written: {error.strerror}.") from error


def _arrow(table: Table, reader: Reader) -> Any:
    import pyarrow

    types = {"decimal": pyarrow.float64(), "integer": pyarrow.int64(), "boolean": pyarrow.bool_()}
    fields = [
        pyarrow.field(
            column.name,
            types.get(column.datatype, pyarrow.string()),
            metadata={"unit": column.unit} if column.unit else None,
        )
        for column in table.columns
    ]
    about = {"description": table.query.summary, "release": reader.release.id}
    values = [[_value(column, row) for row in table.rows] for column in table.columns]
    return pyarrow.table(values, schema=pyarrow.schema(fields, metadata=about))


def _value(column: Column, row: Row) -> object:
    if column.name not in row:
        return None
    text = row[column.name].value
    if column.datatype == "boolean":
        return text in ("true", "1")
    return {"decimal": float, "integer": int}.get(column.datatype, str)(text)
