"""Modules of the editor that need no page: the formatter and the code snippets, run by Node as they are."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from pyoxigraph import Store

from kg.catalogue.catalogue import Catalogue
from kg.reader.reader import Reader
from kg.sparql.tokens import tokenize
from tests.support.paths import ROOT
from tests.support.servers import Running

pytestmark = pytest.mark.system

MODULES = ROOT / "server" / "ui" / "src" / "sparql"
CALL = """
import {readFileSync} from "node:fs";
const [, module, name] = process.argv;
globalThis.HTMLElement = class {};
const found = await import(module);
process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf-8")).map((given) => found[name](...given))));
"""
# What a formatter may break: white space, comments and brackets inside strings and IRIs, and marks without white space.
ODD = [
    "",
    "# only a comment",
    'SELECT * WHERE { ?a ?b "# no { comment }" , \'it is\\\'s\' , """two\nlines . ; }""" }',
    "SELECT * { ?a ?b <http://example.org/#fragment> FILTER(?a<3&&?b>2) }",
    "SELECT ?a # why { not }\nWHERE { ?a a <x:y> } # end",
    "ASK{?a?b?c.?a?d?e;?f?g,?h}",
    "SELECT * { VALUES (?a ?b) { (1 2) (UNDEF 'x') } OPTIONAL { ?a ?b ?c } UNION { ?d ?e [ ?f ( 1 2 ) ] } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { { SELECT ?s { ?s ?p ?o } LIMIT 1 } MINUS { ?s ?p 1.5e3 } FILTER NOT EXISTS { ?s ?p true } }",
    "PREFIX select:<x:>SELECT(COUNT(*)AS ?n){?a select:filter/^select:optional*|!select:x ?b}GROUP BY ?a HAVING(COUNT(*)>1)ORDER BY DESC(?n)",
    "SELECT * { ?filter ?optional 'a'@en-GB , 1 , -2 , +3.0 BIND(IF(?x IN (1,2), 'yes', 'no') AS ?y) }",
    "SELECT * {\r\n  ?a ?b ?c .\r\n\r\n\r\n  # between\r\n  ?d ?e ?f\r\n}",
]  # fmt: skip
GAPS = (" ", "\n", "\n\n", "\t", "  \n ", " # a { comment }\n")


def call(module: str, name: str, arguments: list[list[Any]]) -> list[Any]:
    """What a function of a module gives for each list of arguments."""
    command = ["node", "--input-type=module", "-e", CALL, str(MODULES / module), name]
    ran = subprocess.run(command, input=json.dumps(arguments), capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    found: list[Any] = json.loads(ran.stdout)
    return found


def meaning(query: str) -> list[tuple[str, str]]:
    """The tokens of a query, words without their case."""
    return [(one.kind, one.text.upper() if one.kind == "word" else one.text) for one in tokenize(query)]


def comments(query: str) -> list[str]:
    """What stands between the tokens, without white space at its ends."""
    ends, start = [], 0
    for one in tokenize(query):
        ends.append(query[start : one.start])
        start = one.start + len(one.text)
    between = "\n".join([*ends, query[start:]])
    return [line.strip() for line in between.splitlines() if line.strip()]


def respaced(query: str, seeded: random.Random) -> str:
    """The query with other white space, and with comments, between its tokens."""
    pieces, last = [], 0
    for one in tokenize(query):
        gap = query[last : one.start]
        pieces.append(seeded.choice(GAPS) if gap and not gap.strip() else gap)
        pieces.append(one.text)
        last = one.start + len(one.text)
    return "".join(pieces)


@pytest.fixture(scope="module")
def queries(reader: Reader) -> list[str]:
    """All queries of the catalogue, each also with other white space, and what is odd."""
    catalogue: Catalogue = reader.catalogue
    texts = [catalogue.example(query) for query in catalogue.all()]
    seeded = random.Random(5)
    return [*texts, *(respaced(text, seeded) for text in texts), *ODD]


def test_formatting_changes_white_space_and_the_case_of_keywords_alone(queries: list[str]) -> None:
    formatted = call("formatter.js", "format", [[query] for query in queries])
    assert len(queries) > 400
    for query, result in zip(queries, formatted, strict=True):
        assert meaning(result) == meaning(query)
        assert comments(result) == comments(query)
    assert call("formatter.js", "format", [[result] for result in formatted]) == formatted


def test_what_was_formatted_is_valid_where_it_was_before(queries: list[str]) -> None:
    store = Store()

    def is_valid(query: str) -> bool:
        try:
            store.query(query)
        except SyntaxError:
            return False
        return True

    formatted = call("formatter.js", "format", [[query] for query in queries])
    assert [is_valid(query) for query in queries] == [is_valid(result) for result in formatted]


def test_a_formatted_query_reads_as_one_would_write_it() -> None:
    written = (
        "prefix a:<x:> select ?b (count(*) as ?n) where{?b a:c ?d;a:e ?f. filter(?f>1) optional{?d a:g ?h}} group by ?b"
    )
    (found,) = call("formatter.js", "format", [[written]])
    assert found == (
        "PREFIX a:<x:>\n"
        "SELECT ?b (COUNT(*) AS ?n) WHERE{\n"
        "  ?b a:c ?d;a:e ?f.\n"
        "  FILTER(?f>1)\n"
        "  OPTIONAL{\n"
        "    ?d a:g ?h\n"
        "  }\n"
        "}\n"
        "GROUP BY ?b\n"
    )


# Characters that end strings and documents in one of the languages.
TRICKY = r"""# it's 100% "quoted" \d ${x} `y` ]" ]-" \""" ''' $HOME
# SPARQL
SELECT ?name WHERE { VALUES ?name { "it's" "a\"b" "back\\slash" "`tick` ${x}" "ünï" "<b>" } }
# end"""
EXPECTED = ["it's", 'a"b', "back\\slash", "`tick` ${x}", "ünï", "<b>"]
HEREDOC = 'SELECT ?name WHERE { VALUES ?name { """\nSPARQL\nSPARQL_\n""" } }'


def curl(code: str) -> str:
    return ran(["bash", "-c", code])


def python(code: str) -> str:
    return ran([sys.executable, "-c", code])


def javascript(code: str) -> str:
    return ran(["node", "--input-type=module", "-e", code])


def ran(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


RUN: dict[str, Callable[[str], str]] = {"curl": curl, "Python": python, "JavaScript": javascript}


def unquoted(output: str) -> str:
    """The output without the ways in which CSV, Python and JavaScript write strings."""
    return re.sub(r"\\\\", r"\\", output.replace('""', '"')).replace("\\'", "'").replace('\\"', '"')


@pytest.mark.parametrize("language", RUN)
def test_a_snippet_gives_what_the_query_gives(language: str, server: Running) -> None:
    address = f"{server.address}/sparql"
    texts = [TRICKY, HEREDOC, "ASK { ?a ?b ?c }", "CONSTRUCT { <x:a> <x:b> 'c' } WHERE { }"]
    codes = call("snippets.js", "snippets", [[address, text] for text in texts])
    tricky, heredoc, ask, graph = (RUN[language](code[language]) for code in codes)
    assert all(name in unquoted(tricky) for name in EXPECTED), tricky
    assert "SPARQL_" in heredoc
    assert "true" in ask.casefold()
    assert '<x:a> <x:b> "c"' in graph


def test_the_snippet_in_r_holds_the_query_and_its_address(server: Running) -> None:
    """R is not among the programs of these tests: what is tested is that its raw string ends where the query ends."""
    address = f"{server.address}/sparql"
    (found,) = call("snippets.js", "snippets", [[address, TRICKY]])
    (opened,) = re.findall(r'^query <- r"(-*)\[', found["R"])
    quoted = found["R"].partition(f'r"{opened}[')[2].partition(f']{opened}"')[0]
    assert quoted == TRICKY
    assert f'paste0("{address}", "?query="' in found["R"]
