// Reads N-Triples as the endpoint writes them (https://www.w3.org/TR/n-triples/), as terms of SPARQL's JSON results.
const TERM = /<([^>]*)>|_:([^\s]+)|"((?:[^"\\]|\\.)*)"(?:\^\^<([^>]*)>|@([A-Za-z0-9-]+))?/y;
const ESCAPES = {t: "\t", b: "\b", n: "\n", r: "\r", f: "\f"};

const unescape = (text) => text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (_, short, long, letter) => letter ? ESCAPES[letter] ?? letter : String.fromCodePoint(parseInt(short ?? long, 16)));

// Objects with subject, predicate and object.
export function readTriples(text) {
  return text.split("\n").filter((line) => line.trim() && !line.startsWith("#")).map((line) => {
    const terms = [];
    TERM.lastIndex = 0;
    for (let i = 0; i < 3; i++) {
      while (/\s/.test(line[TERM.lastIndex] ?? "")) TERM.lastIndex++;
      const found = TERM.exec(line);
      if (!found) throw new Error(`This line is not a triple: ${line}`);
      terms.push(term(found));
    }
    return {subject: terms[0], predicate: terms[1], object: terms[2]};
  });
}

function term([, iri, blank, literal, datatype, language]) {
  if (iri !== undefined) return {type: "uri", value: unescape(iri)};
  if (blank !== undefined) return {type: "bnode", value: blank};
  return {type: "literal", value: unescape(literal), ...datatype && {datatype: unescape(datatype)}, ...language && {"xml:lang": language}};
}
