// The classes, properties and entities of the release, and how well each fits a position in a query.
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const words = (text) => folded(text.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
const TYPE = "rdf:type";

function entry(kind, name, label, further) {
  const names = [label, name.slice(name.indexOf(":") + 1), ...further.names ?? []];
  const keys = names.map((text) => words(text).join(" "));
  return {kind, name, label, count: 0, ...further, keys, joined: keys.map((key) => key.replaceAll(" ", ""))};
}

export class Vocabulary {
  constructor({classes, properties, entities}) {
    this.classes = classes.map((found) => entry("class", found.name, found.label, found));
    this.properties = properties.map((found) => entry("property", found.name, found.label, found));
    this.entities = entities.map(([name, label, position, ...names]) => entry("entity", name.includes(":") ? name : `id:${name}`, label, {names, class: this.classes[position]}));
    this.byName = new Map([...this.classes, ...this.properties, ...this.entities].map((found) => [found.name, found]));
    this.ancestors = new Map();
  }

  // A class and all its superclasses.
  above(name) {
    if (!this.ancestors.has(name)) {
      this.ancestors.set(name, new Set([name]));
      for (const parent of this.byName.get(name)?.above ?? []) for (const one of this.above(parent)) this.ancestors.get(name).add(one);
    }
    return this.ancestors.get(name);
  }

  // The classes of a term, inferred from the triples of the query.
  classesOf(term, triples) {
    const found = new Set();
    const entity = this.byName.get(term);
    if (entity?.class) found.add(entity.class.name);
    for (const [subject, predicate, object] of triples) {
      if (subject === term && predicate === TYPE) found.add(object);
      else if (subject === term) for (const name of this.byName.get(predicate)?.domain ?? []) found.add(name);
      else if (object === term) for (const name of this.byName.get(predicate)?.range ?? []) found.add(name);
    }
    return found;
  }

  // 2: defined for these classes; 1: may apply to them; 0: defined for other classes.
  #fit(expected, classes) {
    if (!expected?.length) return 1;
    for (const name of classes) if (expected.some((one) => this.above(name).has(one))) return 2;
    return expected.some((one) => [...classes].some((name) => this.above(one).has(name))) ? 1 : 0;
  }

  // All entries for a position in a query, as [entry, fit].
  candidates({role, subject, predicate, path, triples}) {
    if (role === "keyword") return [];
    if (role === "predicate") {
      const classes = path ? new Set(this.byName.get(path)?.range) : this.classesOf(subject, triples);
      return this.properties.map((one) => [one, classes.size ? this.#fit(one.domain, classes) : 1]);
    }
    if (role === "object" && predicate === TYPE) return this.classes.map((one) => [one, one.name.startsWith("vitk:") ? 2 : 1]);
    const entities = this.entities.map((one) => [one, 1]), range = this.byName.get(predicate)?.range;
    if (role === "object" && range) return this.entities.map((one) => [one, one.class ? this.#fit(range, [one.class.name]) : 1]);
    return role === "object" ? entities : [...entities, ...this.classes.map((one) => [one, 0]), ...this.properties.map((one) => [one, 0])];
  }

  // The best entries for the text typed so far; for "" all of them, the most used first.
  find(typed, place, limit = 80) {
    const [prefix, rest] = typed.includes(":") ? [typed.slice(0, typed.indexOf(":") + 1), typed.slice(typed.indexOf(":") + 1)] : ["", typed];
    const typedWords = words(rest), joined = typedWords.join("");
    const found = [];
    for (const [one, fit] of this.candidates(place)) {
      if (prefix && !one.name.startsWith(prefix)) continue;
      const score = matchScore(one, typedWords, joined);
      if (score) found.push([one, score + 30 * fit + Math.min(9, Math.log10(1 + one.count))]);
    }
    return found.sort((a, b) => b[1] - a[1] || a[0].label.length - b[0].label.length || (a[0].label < b[0].label ? -1 : 1)).slice(0, limit).map(([one]) => one);
  }

  // The name in the ontology that is most similar to a misspelt one, or null.
  nearest(name) {
    let best = null, limit = Math.max(2, Math.floor(name.length / 5)) + 1;
    for (const one of [...this.classes, ...this.properties]) {
      const edits = distance(name, one.name, limit);
      if (edits < limit) [best, limit] = [one.name, edits];
    }
    return best;
  }
}

function matchScore(one, typedWords, joined) {
  if (!joined) return 1;
  let best = 0;
  one.joined.forEach((text, i) => {
    const score = text === joined ? 100 : text.startsWith(joined) ? 80 : inOrder(one.keys[i].split(" "), typedWords) ? 55 : joined.length > 2 && text.includes(joined) ? 25 : 0;
    best = Math.max(best, i ? score - 2 : score);
  });
  return best;
}

function inOrder(all, typedWords) {
  let at = 0;
  for (const word of all) if (at < typedWords.length && word.startsWith(typedWords[at])) at++;
  return at === typedWords.length;
}

// Levenshtein distance, or at least the limit.
function distance(a, b, limit) {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let row = Array.from({length: b.length + 1}, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length];
}
