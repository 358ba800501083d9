// An error-tolerant tokenizer and parser of SPARQL, for completion, prefixes and diagnostics of unfinished queries.
const KINDS = [
  ["iri", /<[^<>"{}|^`\\\s]*>/y],
  ["comment", /#[^\n]*/y],
  ["string", /"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?/y],
  ["tag", /@[A-Za-z][A-Za-z0-9-]*/y],
  ["variable", /[?$][\p{L}\p{N}_]+/yu],
  ["name", /(?:\p{L}(?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?)?:(?:[\p{L}\p{N}_:%](?:[\p{L}\p{N}_.:%-]*[\p{L}\p{N}_:%-])?)?/yu],
  ["number", /[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y],
  ["word", /[\p{L}_][\p{L}\p{N}_]*/yu],
  ["space", /\s+/y],
  ["mark", /\^\^|[^]/yu],
];

// White space is left out, and comments unless they are asked for.
export function tokenize(text, {comments = false} = {}) {
  const tokens = [];
  for (let from = 0; from < text.length;) {
    for (const [kind, pattern] of KINDS) {
      pattern.lastIndex = from;
      const found = pattern.exec(text);
      if (!found) continue;
      const to = from + found[0].length;
      if (kind !== "space" && (comments || kind !== "comment")) tokens.push({kind, text: found[0], from, to});
      from = to;
      break;
    }
  }
  return tokens;
}

const FORMS = new Set(["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]);

// SELECT, ASK, CONSTRUCT or DESCRIBE; "" for anything else.
export function queryForm(text) {
  return tokenize(text).find(({kind, text: word}) => kind === "word" && FORMS.has(word.toUpperCase()))?.text.toUpperCase() ?? "";
}

// The variables of SELECT * in the order of the query, of another query null: the endpoint may list them in any order.
export function variablesOfStar(text) {
  const tokens = tokenize(text), start = tokens.findIndex(({kind, text: word}) => kind === "word" && word.toUpperCase() === "SELECT");
  const star = tokens.slice(start + 1, start + 3).some(({text: mark}) => mark === "*");
  return start >= 0 && star ? [...new Set(tokens.filter(({kind}) => kind === "variable").map(({text: name}) => name.slice(1)))] : null;
}

const BEFORE_GROUP = new Set(["OPTIONAL", "MINUS", "UNION", "GRAPH", "SERVICE", "SILENT", "WHERE", "LATERAL"]);
const BEFORE_EXPRESSION = new Set(["FILTER", "BIND", "HAVING"]);
const TERMS = new Set(["iri", "name", "variable", "string", "number"]);

// The triples of a query as far as they can be recognised, and what is expected at its end: a subject, a predicate, an
// object, a part of an expression, or (outside any group) a keyword.
export function parse(tokens) {
  const triples = [], stack = [];
  let state = {role: "keyword", subject: null, predicate: null}, blanks = 0, expression = 0, inValues = false;
  const fresh = () => ({role: "subject", subject: null, predicate: null});
  const term = (value) => {
    if (state.role === "subject" || state.role === "after") state = {role: "predicate", subject: value, predicate: null};
    else if (state.role === "predicate") state = {...state, role: "object", predicate: value};
    else if (state.role === "object") { triples.push([state.subject, state.predicate, value]); state = {...state, role: "after"}; }
  };
  for (const token of tokens) {
    const word = token.kind === "word" ? token.text.toUpperCase() : "";
    if (expression) {
      if (token.text === "(") expression++;
      else if (token.text === ")") expression--;
      else if (token.text === "{") { stack.push({state, expression}); state = fresh(); expression = 0; }
      continue;
    }
    if (inValues) { if (token.text === "}") { inValues = false; state = fresh(); } continue; }
    if (token.text === "{") { stack.push({state, expression}); state = fresh(); }
    else if (token.text === "}" || token.text === "]") {
      const outer = stack.pop() ?? {state: {role: "keyword"}, expression: 0};
      expression = outer.expression;
      if (token.text === "}") state = outer.state.role === "keyword" ? outer.state : fresh();
      else { const blank = state.subject; state = outer.state; term(blank); }
    } else if (token.text === "[") { stack.push({state, expression}); state = {role: "predicate", subject: `[${blanks++}]`, predicate: null}; }
    else if (state.role === "keyword") continue;
    else if (token.text === ".") state = fresh();
    else if (token.text === ";") state = {...state, role: "predicate"};
    else if (token.text === ",") state = {...state, role: "object"};
    else if (word === "VALUES") inValues = true;
    else if (BEFORE_EXPRESSION.has(word)) state = {role: "expression"};
    else if (BEFORE_GROUP.has(word)) state = fresh();
    else if (token.text === "(" && state.role !== "predicate") expression++;
    else if ("/|^".includes(token.text) && state.role === "object") state = {role: "predicate", subject: token.text === "/" ? null : state.subject, predicate: null, path: state.predicate};
    else if (state.role === "expression") state = fresh();
    else if (token.text === "a" && state.role === "predicate") term("rdf:type");
    else if (TERMS.has(token.kind)) term(token.text);
  }
  return {triples, role: expression ? "expression" : inValues ? "value" : state.role, subject: state.subject ?? null, predicate: state.predicate ?? null, path: state.path};
}
