// Declares the known prefixes that a query uses.
import {tokenize} from "./tokens.js";

function declared(tokens) {
  const found = new Map();
  tokens.forEach((token, i) => {
    if (token.kind === "word" && token.text.toUpperCase() === "PREFIX" && tokens[i + 1]?.kind === "name") {
      found.set(tokens[i + 1].text.replace(/:.*/, ""), tokens[i + 2]?.kind === "iri" ? tokens[i + 2] : tokens[i + 1]);
    }
  });
  return found;
}

// The IRIs of declared prefixes, by prefix.
export function declaredPrefixes(tokens) {
  return new Map([...declared(tokens)].filter(([, token]) => token.kind === "iri").map(([prefix, token]) => [prefix, token.text.slice(1, -1)]));
}

export function undeclared(tokens) {
  const known = declared(tokens);
  return tokens.filter((token) => token.kind === "name" && !known.has(token.text.split(":")[0]));
}

// The change that declares missing prefixes, or null. It goes after the last declaration, or before the query itself.
export function autoDeclarePrefixes(text, prefixes, further = []) {
  const tokens = tokenize(text), known = declared(tokens);
  const used = [...undeclared(tokens).map((token) => token.text.split(":")[0]), ...further];
  const missing = [...new Set(used)].filter((prefix) => prefix in prefixes && !known.has(prefix));
  if (!missing.length) return null;
  const last = [...known.values()].at(-1);
  const lines = missing.map((prefix) => `PREFIX ${prefix}: <${prefixes[prefix]}>`).join("\n");
  if (last) return {from: last.to, insert: `\n${lines}`};
  return {from: tokens[0]?.from ?? 0, insert: `${lines}\n`};
}
