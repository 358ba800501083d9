// Completion: variables of the query, SPARQL keywords, and the terms and entities of the release, found by label.
import {syntaxTree} from "@codemirror/language";
import {autoDeclarePrefixes} from "./prefixes.js";
import {parse, tokenize} from "./tokens.js";
import {Vocabulary} from "./vocabulary.js";

const KEYWORDS = (
  "SELECT DISTINCT WHERE FILTER OPTIONAL UNION MINUS GRAPH BIND VALUES CONSTRUCT ASK DESCRIBE PREFIX FROM NAMED LIMIT OFFSET HAVING " +
  "COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT EXISTS NOT IN AS IF COALESCE BOUND LANG DATATYPE STR STRSTARTS STRENDS CONTAINS REGEX " +
  "LCASE UCASE STRLEN CONCAT REPLACE ROUND CEIL FLOOR ABS YEAR SERVICE"
).split(" ").concat(["ORDER BY", "GROUP BY", "DESC", "ASC"]);

export class Completion {
  constructor(settings) {
    this.settings = settings;
  }

  // Loads the vocabulary on first use; null if it is not available.
  async vocabulary() {
    this.loading ??= fetch(this.settings.completion).then((response) => (response.ok ? response.json() : null)).then((file) => file && new Vocabulary(file));
    try {
      this.loaded = await this.loading;
    } catch {
      this.loading = null; // The network failed: try again next time.
      this.loaded = null;
    }
    return this.loaded;
  }

  source = async (context) => {
    const inside = syntaxTree(context.state).resolveInner(context.pos, -1).name;
    if (/comment|string|iriref/i.test(inside)) return null;
    const word = context.matchBefore(/[?$]?[\p{L}\p{N}_-]*(?::[\p{L}\p{N}_%-]*)?/u);
    if (!word || (word.from === word.to && !context.explicit)) return null;
    const text = context.state.doc.toString(), all = tokenize(text.slice(0, word.from) + " " + text.slice(word.to));
    const variables = this.#variables(all, word.text);
    if (/^[?$]/.test(word.text)) return {from: word.from, options: variables, validFor: /^[?$][\p{L}\p{N}_]*$/u};
    const place = {...parse(tokenize(text.slice(0, word.from))), triples: parse(all).triples};
    const vocabulary = await this.vocabulary();
    if (context.aborted) return null;
    const found = (vocabulary?.find(word.text, place) ?? []).map((one, i) => this.#option(one, i));
    const keywords = word.text.includes(":") || !word.text ? [] : this.#keywords(word.text);
    const options = word.text || place.role === "predicate" ? [...found, ...keywords] : [...variables, ...found];
    return {from: word.from, options: place.role === "keyword" ? keywords : options, filter: false};
  };

  #variables(tokens, typed) {
    const names = new Set(tokens.filter((token) => token.kind === "variable").map((token) => `?${token.text.slice(1)}`));
    return [...names].filter((name) => name.startsWith(typed.replace("$", "?"))).map((label) => ({label, type: "variable"}));
  }

  #keywords(typed) {
    return KEYWORDS.filter((label) => label.startsWith(typed.toUpperCase())).map((label) => ({label, type: "keyword"}));
  }

  #option(one, i) {
    return {
      label: one.label, displayLabel: one.label.length > 70 ? `${one.label.slice(0, 68)}…` : one.label, boost: -i,
      detail: one.kind === "entity" ? (one.class?.label ?? "") : one.name,
      info: one.definition || (one.names?.length ? `Also called ${one.names.join(", ")}` : undefined),
      type: one.kind,
      apply: (view, _, from, to) => this.#insert(view, one.name, from, to),
    };
  }

  #insert(view, name, from, to) {
    const changes = view.state.changes({from, to, insert: name});
    const after = view.state.update({changes}).newDoc.toString();
    const declaration = autoDeclarePrefixes(after, this.settings.prefixes);
    const both = declaration ? changes.compose(view.state.update({changes}).state.changes(declaration)) : changes;
    const anchor = from + name.length + (declaration && declaration.from <= from ? declaration.insert.length : 0);
    view.dispatch({changes: both, selection: {anchor}, userEvent: "input.complete", scrollIntoView: true});
  }
}
