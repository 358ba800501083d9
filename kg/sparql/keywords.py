"""Keywords and functions of SPARQL 1.1 (section 19.8), and those of SPARQL 1.2 that the engine supports."""

from __future__ import annotations

FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")
# fmt: off
KEYWORDS = (
    *FORMS, "A", "AS", "ASC", "BASE", "BIND", "BY", "DESC", "DISTINCT", "EXISTS", "FALSE", "FILTER", "FROM", "GRAPH",
    "GROUP", "HAVING", "IN", "LATERAL", "LIMIT", "MINUS", "NAMED", "NOT", "OFFSET", "OPTIONAL", "ORDER", "PREFIX",
    "REDUCED", "SEPARATOR", "SERVICE", "SILENT", "TRUE", "UNDEF", "UNION", "VALUES", "VERSION", "WHERE",
)
AGGREGATES = ("AVG", "COUNT", "GROUP_CONCAT", "MAX", "MIN", "SAMPLE", "SUM")
FUNCTIONS = (
    *AGGREGATES, "ABS", "ADJUST", "BNODE", "BOUND", "CEIL", "COALESCE", "CONCAT", "CONTAINS", "DATATYPE", "DAY",
    "ENCODE_FOR_URI", "FLOOR", "HASLANG", "HASLANGDIR", "HOURS", "IF", "IRI", "ISBLANK", "ISIRI", "ISLITERAL",
    "ISNUMERIC", "ISTRIPLE", "ISURI", "LANG", "LANGDIR", "LANGMATCHES", "LCASE", "MD5", "MINUTES", "MONTH", "NOW",
    "OBJECT", "PREDICATE", "RAND", "REGEX", "REPLACE", "ROUND", "SAMETERM", "SECONDS", "SHA1", "SHA256", "SHA384",
    "SHA512", "STR", "STRAFTER", "STRBEFORE", "STRDT", "STRENDS", "STRLANG", "STRLANGDIR", "STRLEN", "STRSTARTS",
    "STRUUID", "SUBJECT", "SUBSTR", "TIMEZONE", "TRIPLE", "TZ", "UCASE", "URI", "UUID", "YEAR",
)
# fmt: on
ALL = frozenset((*KEYWORDS, *FUNCTIONS))
# Keywords of other query languages, each with its equivalent in SPARQL.
FOREIGN_KEYWORDS = {
    "AND": "Write && between conditions.",
    "OR": "Write || between conditions.",
    "LIKE": "Write CONTAINS(?text, \"part\") or REGEX(?text, \"pattern\").",
    "IS": "Write !BOUND(?x) to test for a missing value, = to compare.",
    "NULL": "Write !BOUND(?x) to test for a missing value.",
    "TOP": "Write LIMIT and a number at the end of the query.",
    "JOIN": "Patterns in one { } are joined on the variables they share.",
}  # fmt: skip
