// What a term of the query means: a tooltip under the pointer, and the same text in the status line by key.
import {hoverTooltip} from "@codemirror/view";
import {el} from "./dom.js";
import {declaredPrefixes} from "./prefixes.js";
import {execute} from "./sparql_client.js";
import {tokenize} from "./tokens.js";

export class Meanings {
  constructor(settings, completion) {
    Object.assign(this, {settings, completion});
    this.found = new Map();
  }

  tooltip() {
    return hoverTooltip(async (view, position) => {
      const meaning = await this.at(view.state.doc.toString(), position);
      if (!meaning) return null;
      const {from, to, title, detail, text} = meaning;
      return {pos: from, end: to, above: true, create: () => ({dom: el("div", {className: "cm-meaning"}, el("strong", {textContent: title}), " ", el("span", {textContent: detail}), ...text ? [el("p", {textContent: text})] : [])})};
    });
  }

  // The meaning of the name or IRI at a position, or null.
  async at(query, position) {
    const tokens = tokenize(query), token = tokens.find(({kind, from, to}) => (kind === "name" || kind === "iri") && from <= position && position <= to);
    if (!token) return null;
    const iri = token.kind === "iri" ? token.text.slice(1, -1) : this.#expand(token.text, declaredPrefixes(tokens));
    const name = iri && this.#shorten(iri), known = name && (await this.completion.vocabulary())?.byName.get(name);
    if (!known) return null;
    const detail = known.kind === "entity" ? [known.class?.label, name].filter(Boolean).join(", ") : `${known.kind} ${name}`;
    return {from: token.from, to: token.to, title: known.label, detail, text: known.definition || await this.#description(iri)};
  }

  #expand(name, declared) {
    const prefix = name.slice(0, name.indexOf(":")), start = declared.get(prefix) ?? this.settings.prefixes[prefix];
    return start && start + name.slice(prefix.length + 1);
  }

  #shorten(iri) {
    const [prefix, start] = Object.entries(this.settings.prefixes).filter(([, start]) => iri.startsWith(start)).sort((a, b) => b[1].length - a[1].length)[0] ?? [];
    return prefix && `${prefix}:${iri.slice(start.length)}`;
  }

  async #description(iri) {
    if (!this.found.has(iri)) {
      const query = `SELECT ?text WHERE { <${iri}> <http://purl.org/dc/terms/description> ?text } LIMIT 1`;
      this.found.set(iri, execute(this.settings, query).then(({rows}) => rows?.[0]?.text.value ?? ""));
    }
    try {
      return await this.found.get(iri);
    } catch {
      this.found.delete(iri); // The network failed: the label is better than nothing.
      return "";
    }
  }
}
