// What is wrong with a query, where it is wrong: what the server said of it last, and what shows while it is typed.
import {syntaxTree} from "@codemirror/language";
import {declaring, undeclared} from "./prefixes.js";
import {tokenize} from "./tokens.js";

const MOST = 3;

// The place in a document of line and column, both from 1 and columns in code points, as the server counts.
export function placed(doc, line, column) {
  const at = doc.line(Math.min(Math.max(1, line), doc.lines));
  const before = [...at.text].slice(0, column - 1).join("").length;
  const from = Math.min(at.from + before, at.to), rest = doc.sliceString(from, at.to);
  return {from, to: from + (/^[\p{L}\p{N}_:?$.-]+/u.exec(rest)?.[0].length ?? (rest ? 1 : 0))};
}

export function hints(view, settings, vocabulary, said) {
  const doc = view.state.doc, text = doc.toString(), found = [];
  if (said?.query === text && said.problem.line) {
    found.push({...placed(doc, said.problem.line, said.problem.column), severity: "error", message: said.problem.detail});
    return found;
  }
  const tokens = tokenize(text), end = doc.length;
  for (const token of undeclared(tokens)) {
    const prefix = token.text.split(":")[0];
    if (prefix === "_" || token.text.startsWith("_:")) continue;
    const actions = prefix in settings.prefixes ? [{name: `Declare ${prefix}:`, apply: (editor) => editor.dispatch({changes: declaring(editor.state.doc.toString(), settings.prefixes)})}] : [];
    found.push({from: token.from, to: token.to, severity: "error", message: `The prefix ${prefix}: is not declared.`, actions});
  }
  for (const token of tokens) {
    if (!vocabulary || token.kind !== "name" || !/^vitk:./.test(token.text) || vocabulary.byName.has(token.text)) continue;
    const near = vocabulary.nearest(token.text);
    const actions = near ? [{name: `Write ${near}`, apply: (editor, from, to) => editor.dispatch({changes: {from, to, insert: near}})}] : [];
    found.push({from: token.from, to: token.to, severity: "warning", message: `${token.text} is not in the ontology.${near ? ` Did you mean ${near}?` : ""}`, actions});
  }
  // Warnings, since the server's own parser decides: it knows more of SPARQL than this grammar.
  syntaxTree(view.state).iterate({enter: (node) => {
    if (!node.type.isError || found.length >= MOST || !end) return;
    const from = Math.min(node.from, end - 1);
    found.push({from, to: Math.min(Math.max(node.to, from + 1), end), severity: "warning", message: "Something is missing or not expected here."});
  }});
  return found;
}
