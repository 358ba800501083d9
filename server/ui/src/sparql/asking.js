// Sends a query and returns what came back: solutions, a truth value, a graph, or a problem.
const RESULTS = "application/sparql-results+json, text/turtle;q=0.9";

export async function ask(settings, query, {accept = RESULTS, labels = false, signal} = {}) {
  const address = new URL(settings.endpoint, location.href);
  if (labels) address.searchParams.set("labels", "en");
  if (settings.pinned) address.searchParams.set("release", settings.pinned);
  const started = performance.now();
  const answer = await fetch(address, {method: "POST", headers: {"Content-Type": "application/sparql-query", Accept: accept}, body: query, signal});
  const type = answer.headers.get("Content-Type") ?? "";
  if (!answer.ok) return {problem: await problem_of(answer, type)};
  if (accept !== RESULTS) return {blob: await answer.blob()};
  const text = await answer.text();
  const timing = {milliseconds: performance.now() - started, server: evaluated(answer), hint: hint(answer)};
  if (!type.includes("json")) return {...timing, graph: text};
  const document = JSON.parse(text);
  return "boolean" in document ? {...timing, boolean: document.boolean} : {...timing, ...solutions(document)};
}

async function problem_of(answer, type) {
  if (type.includes("problem+json")) return answer.json();
  return {title: "The server could not answer", detail: `Status ${answer.status}. Try again in a moment.`, status: answer.status};
}

// Milliseconds of evaluation as the server says, or null where the answer came from the cache.
function evaluated(answer) {
  const found = /evaluate;dur=([\d.]+)/.exec(answer.headers.get("Server-Timing") ?? "");
  return found ? Number(found[1]) : null;
}

// What the server remarks on an answer; beyond ASCII it is escaped as in Python.
function hint(answer) {
  const text = answer.headers.get("Vitk-Hint") ?? "";
  return text.replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))/g, (_, ...codes) => String.fromCodePoint(parseInt(codes.slice(0, 3).find(Boolean), 16)));
}

// Columns with the columns of labels that the server put beside them taken together.
function solutions({head, results}) {
  const names = head.vars, columns = [], rows = results.bindings;
  for (let i = 0; i < names.length; i++) {
    const name = names[i], next = names[i + 1] ?? "";
    const labelled = next.startsWith(`${name}Label`) && /^_*$/.test(next.slice(name.length + 5)) && rows.some((row) => row[name]?.type === "uri");
    columns.push({name, label: labelled ? next : null});
    if (labelled) i++;
  }
  return {columns, rows};
}
