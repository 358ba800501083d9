"""Random curated files: whatever Turtle allows a curator to write, in the shape in which blocks are written."""

from __future__ import annotations

from random import Random

PREFIXES = {
    "id": "id/",
    "vitk": "ontology#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "dcterms": "http://purl.org/dc/terms/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
PREDICATES = ("rdfs:label", "dcterms:description", "skos:altLabel", "vitk:isMadeFrom", "vitk:unit", "vitk:hedge",
              "vitk:minimumAmount", "dcterms:source", "vitk:noSuch", "<ontology#isFormOf>", "vitk:a.b", "a")  # fmt: skip
# What a formatter by regular expressions mistakes for syntax.
TRAPS = ("x", "A paste.", " .", ";", " ;\n    rdfs:label \"y\"", "# no comment", "'", "\\\"", "\\u00e9", "µ", "\u2028", "[",
         "<a>", "@en", "\\n", "a, b", "id:x a vitk:Food .\n", "\n\n", "\x0b", "^^", "%20", "\t")  # fmt: skip
COMMENTS = ("# see Smith et al.", "#", "# a ; b .", '# "quoted" \'text', "#; .", "# µ \u2028 <x>", "# ]", '#\t"""')


class RandomTurtle:
    """Makes one file after the other from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def file(self) -> bytes:
        """A valid file in UTF-8, with or without byte order mark, with LF, CRLF or CR at line ends."""
        end = self._random.choice(("\n", "\n", "\r\n", "\r"))
        directives = [self._directive(prefix, iri) for prefix, iri in PREFIXES.items()]
        blocks = [self._block(number) for number in range(self._random.randint(1, 4))]
        text = "\n".join([*directives, "", *blocks]) + self._random.choice(("\n", "", "\n\n# the end", "  "))
        mark = "\ufeff" if self._random.random() < 0.2 else ""
        return (mark + text.replace("\n", end)).encode()

    def _directive(self, prefix: str, iri: str) -> str:
        if self._random.random() < 0.2:
            return f"PREFIX {prefix}: <{iri}>" + self._comment()
        return f"@prefix {prefix}: <{iri}> ." + self._comment()

    def _block(self, number: int) -> str:
        subject = self._random.choice(
            (f"id:x{number}", f"<id/y{number}>", f"id:x.{number}", f"[ vitk:hedge {number} ]")
        )
        head = [f"{subject} a vitk:Food"] if self._random.random() < 0.9 else [f"{subject} rdfs:label 'z'"]
        properties = head + [self._property() for _ in range(self._random.randint(0, 5))]
        separator = self._random.choice((" ;\n    ", ";\n    ", " ;\n\n    ", ";;\n    ", " ; ", "\n    ; "))
        text = properties[0]
        for following in properties[1:]:
            text += self._comment_before(separator) + separator.rstrip(" ") + self._comment() + "    " + following
        stop = self._random.choice((" .", ".", "\n    .", " ; .", " ;\n    # nothing follows\n    ."))
        return text + self._comment_before(stop) + (" " if stop == "." else "") + stop + self._comment()

    def _property(self) -> str:
        objects = [self._object() for _ in range(self._random.choice((1, 1, 1, 2, 3)))]
        between = self._random.choice((" , ", ",\n        ", ", # and\n        "))
        return f"{self._random.choice(PREDICATES)} {between.join(objects)}"

    def _object(self, depth: int = 0) -> str:
        kind = self._random.randrange(8 if depth < 2 else 6)
        if kind < 2:
            return self._string()
        if kind == 6:
            return self._bracket(depth)
        if kind == 7:
            return f"( {self._object(depth + 1)} 1 )"
        return (self._number(), "id:soybean", "<id/a.b>", "true")[kind - 2]

    def _bracket(self, depth: int) -> str:
        inside = f"vitk:unit {self._object(depth + 1)} ;{self._comment()}\n vitk:hedge {self._object(depth + 1)}"
        return self._random.choice(("[]", f"[ {inside} ]"))

    def _number(self) -> str:
        return self._random.choice(("63.0", "63", "-5", "+.5", "1e5", "1.5E-3", '"1"^^xsd:decimal'))

    def _string(self) -> str:
        text = "".join(self._random.choices(TRAPS, k=self._random.randint(0, 5)))
        quote = self._random.choice(('"""', "'''", '"', "'"))
        if len(quote) == 1:
            text = text.replace("\n", " ")
        if quote[0] == '"':
            # Those after a backslash are escaped already.
            text = text.replace('\\"', "\0").replace('"', '\\"').replace("\0", '\\"')
        else:
            text = text.replace("'", "\\'")
        return quote + text + quote + self._random.choice(("", "@en", "@de-CH", "^^xsd:string"))

    def _comment(self) -> str:
        return " " + self._random.choice(COMMENTS) + "\n" if self._random.random() < 0.25 else "\n"

    def _comment_before(self, separator: str) -> str:
        return " " + self._random.choice(COMMENTS) + "\n" if self._random.random() < 0.08 else ""
