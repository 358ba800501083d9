// How terms of a result are written: by label or in short, and where they lead.
const LABEL = "http://www.w3.org/2000/01/rdf-schema#label";

export class Terms {
  constructor({prefixes, pages, symbols}) {
    Object.assign(this, {prefixes, pages, symbols, labels: true, known: new Map()});
  }

  // Takes labels from a graph and, for resources without one there, from the vocabulary.
  learn(triples, vocabulary) {
    this.known = new Map();
    for (const {subject, predicate, object} of triples) {
      for (const {type, value} of [subject, predicate, object]) {
        const found = type === "uri" && !this.known.has(value) && vocabulary?.byName.get(this.short(value));
        if (found) this.known.set(value, found.label);
      }
      if (predicate.value === LABEL) this.known.set(subject.value, object.value);
    }
  }

  // The text of a cell.
  text(row, column) {
    const term = row[column.name];
    return term ? this.name(term, column.label && row[column.label]?.value) : "";
  }

  name(term, given) {
    const label = term.type !== "literal" && (this.symbols[term.value] || given || this.known.get(term.value));
    return (this.labels && label) || (term.type === "uri" ? this.short(term.value) : term.value);
  }

  short(iri) {
    for (const [prefix, start] of Object.entries(this.prefixes)) {
      const local = iri.startsWith(start) && iri.slice(start.length);
      if (local && /^[^/#]+$/.test(local)) return `${prefix}:${local}`;
    }
    return iri;
  }

  // The address of the page of an IRI of ours, of another IRI the IRI itself; "" where there is nothing to follow.
  link(term) {
    if (term?.type !== "uri") return "";
    const [start, path] = this.pages.find(([start]) => term.value.startsWith(start)) ?? [];
    const href = start ? path + encodeURIComponent(term.value.slice(start.length)) : term.value;
    return /^(https?:|\/)/.test(href) ? href : "";
  }
}
