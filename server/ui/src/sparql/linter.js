// Diagnostics of a query: the error that the server reported last, and errors that can be detected while typing.
import {syntaxTree} from "@codemirror/language";
import {autoDeclarePrefixes, undeclared} from "./prefixes.js";
import {tokenize} from "./tokens.js";

const MAX_SYNTAX_WARNINGS = 3;

// The range of the word at a line and column, which the server counts from 1, columns in code points.
export function wordAt(doc, line, column) {
  const at = doc.line(Math.min(Math.max(1, line), doc.lines));
  const before = [...at.text].slice(0, column - 1).join("").length;
  const from = Math.min(at.from + before, at.to), rest = doc.sliceString(from, at.to);
  return {from, to: from + (/^[\p{L}\p{N}_:?$.-]+/u.exec(rest)?.[0].length ?? (rest ? 1 : 0))};
}

export function diagnostics(view, settings, vocabulary, last) {
  const doc = view.state.doc, text = doc.toString(), found = [];
  if (last?.query === text && last.problem.line) {
    found.push({...wordAt(doc, last.problem.line, last.problem.column), severity: "error", message: last.problem.detail});
    return found;
  }
  const tokens = tokenize(text), end = doc.length;
  for (const token of undeclared(tokens)) {
    const prefix = token.text.split(":")[0];
    if (prefix === "_" || token.text.startsWith("_:")) continue;
    const actions = prefix in settings.prefixes ? [{name: `Declare ${prefix}:`, apply: (editor) => editor.dispatch({changes: autoDeclarePrefixes(editor.state.doc.toString(), settings.prefixes)})}] : [];
    found.push({from: token.from, to: token.to, severity: "error", message: `Undeclared prefix ${prefix}:.`, actions});
  }
  for (const token of tokens) {
    if (!vocabulary || token.kind !== "name" || !/^vitk:./.test(token.text) || vocabulary.byName.has(token.text)) continue;
    const near = vocabulary.nearest(token.text);
    const actions = near ? [{name: `Replace with ${near}`, apply: (editor, from, to) => editor.dispatch({changes: {from, to, insert: near}})}] : [];
    found.push({from: token.from, to: token.to, severity: "warning", message: `Unknown term ${token.text}.${near ? ` Did you mean ${near}?` : ""}`, actions});
  }
  // Only warnings, because the server's parser decides: it supports more of SPARQL than this grammar.
  syntaxTree(view.state).iterate({enter: (node) => {
    if (!node.type.isError || found.length >= MAX_SYNTAX_WARNINGS || !end) return;
    const from = Math.min(node.from, end - 1);
    found.push({from, to: Math.min(Math.max(node.to, from + 1), end), severity: "warning", message: "Syntax error: unexpected or missing text."});
  }});
  return found;
}
