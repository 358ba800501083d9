// Sends a query to the endpoint and returns its result: solutions, a boolean, a graph, a file, or a problem.
import {readTriples} from "./results/triples.js";
import {variablesOfStar} from "./tokens.js";

const RESULTS = "application/sparql-results+json, application/n-triples;q=0.9";

export async function execute(settings, query, {accept = RESULTS, labels = false, signal} = {}) {
  const address = new URL(settings.endpoint, location.href);
  if (labels) address.searchParams.set("labels", "en");
  if (settings.pinned) address.searchParams.set("release", settings.pinned);
  const started = performance.now();
  const response = await fetch(address, {method: "POST", headers: {"Content-Type": "application/sparql-query", Accept: accept}, body: query, signal});
  const type = response.headers.get("Content-Type") ?? "";
  if (!response.ok) return {problem: await readProblem(response, type)};
  if (accept !== RESULTS) return {blob: await response.blob()};
  const text = await response.text();
  const metadata = {milliseconds: performance.now() - started, server: evaluationTime(response), hint: readHint(response)};
  if (!type.includes("json")) return {...metadata, triples: readTriples(text)};
  const document = JSON.parse(text);
  return "boolean" in document ? {...metadata, boolean: document.boolean} : {...metadata, ...solutions(document, query)};
}

async function readProblem(response, type) {
  if (type.includes("problem+json")) return response.json();
  return {title: "Server error", detail: `The server answered with status ${response.status}. Try again in a moment.`, status: response.status};
}

// Milliseconds that the query took on the server, or null for a cached response, which has no Server-Timing.
function evaluationTime(response) {
  const match = /evaluate;dur=([\d.]+)/.exec(response.headers.get("Server-Timing") ?? "");
  return match ? Number(match[1]) : null;
}

// The hint that the server gives on a result. Characters beyond ASCII are escaped as in Python.
function readHint(response) {
  const text = response.headers.get("Vitk-Hint") ?? "";
  return text.replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))/g, (_, ...codes) => String.fromCodePoint(parseInt(codes.slice(0, 3).find(Boolean), 16)));
}

// Joins each column with the label column that the server added to it. A variable of the query itself is never one.
function solutions({head, results}, query) {
  const own = new Set(query.match(/[?$][\p{L}\p{N}_]+/gu)?.map((name) => name.slice(1))), names = head.vars, columns = [];
  for (let i = 0; i < names.length; i++) {
    const name = names[i], next = names[i + 1] ?? "";
    const labelled = next.startsWith(`${name}Label`) && /^_*$/.test(next.slice(name.length + 5)) && !own.has(next);
    columns.push({name, label: labelled ? next : null});
    if (labelled) i++;
  }
  const order = variablesOfStar(query);
  if (order) columns.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  return {columns, rows: results.bindings};
}
