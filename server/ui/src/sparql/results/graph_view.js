// A small drawing of a graph: its most connected resources as nodes, statements between them as labelled arrows. Literals
// and types are left to the table.
import {svg, el} from "../dom.js";

const MAX_NODES = 24, STEPS = 300, WIDTH = 900, HEIGHT = 560, MARGIN = 70, NAME_LENGTH = 26;
const TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

// `text` gives the name of a term, `link` its address or "".
export function graphView(triples, text, link) {
  const edges = triples.filter(({predicate, object}) => object.type !== "literal" && predicate.value !== TYPE);
  const degree = new Map();
  for (const {subject, object} of edges) for (const {value} of [subject, object]) degree.set(value, (degree.get(value) ?? 0) + 1);
  const terms = new Map(edges.flatMap(({subject, object}) => [[subject.value, subject], [object.value, object]]));
  const shown = new Set([...degree].sort((a, b) => b[1] - a[1]).slice(0, MAX_NODES).map(([value]) => value));
  const drawn = edges.filter(({subject, object}) => shown.has(subject.value) && shown.has(object.value));
  const places = layout([...shown], drawn.map(({subject, object}) => [subject.value, object.value]));
  const drawing = svg("svg", {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true"}, arrowHead());
  for (const [ends, statements] of grouped(drawn)) drawing.append(...edge(ends.map((value) => places.get(value)), statements.map(({predicate}) => text(predicate))));
  for (const value of shown) drawing.append(node(places.get(value), text(terms.get(value)), link(terms.get(value))));
  const left = [degree.size > shown.size && `The ${shown.size} most connected of ${degree.size.toLocaleString("en")} resources.`, `${triples.length - drawn.length} of ${triples.length} triples are in the table only.`];
  return el("figure", {className: "network", ariaLabel: "The graph"}, drawing, el("figcaption", {textContent: left.filter(Boolean).join(" ")}));
}

// Statements by their pair of ends: several between the same two nodes share an arrow.
function grouped(statements) {
  const groups = new Map();
  for (const one of statements) {
    const ends = [one.subject.value, one.object.value], key = JSON.stringify(ends);
    groups.set(key, [ends, [...groups.get(key)?.[1] ?? [], one]]);
  }
  return groups.values();
}

// Positions by springs and repulsion, from a circle: the same graph always looks the same.
function layout(values, pairs) {
  const points = values.map((value, i) => ({value, x: Math.cos((2 * Math.PI * i) / values.length), y: Math.sin((2 * Math.PI * i) / values.length)}));
  const by = new Map(points.map((point) => [point.value, point])), ideal = 2 / Math.sqrt(values.length || 1);
  for (let step = 0; step < STEPS; step++) {
    const moves = new Map(points.map((point) => [point, [0, 0]]));
    const push = (a, b, force) => {
      const dx = b.x - a.x, dy = b.y - a.y, distance = Math.hypot(dx, dy) || 1e-3, size = force(distance) / distance;
      for (const [point, sign] of [[a, 1], [b, -1]]) { moves.get(point)[0] += sign * size * dx; moves.get(point)[1] += sign * size * dy; }
    };
    points.forEach((a, i) => points.slice(i + 1).forEach((b) => push(a, b, (distance) => -(ideal ** 2) / distance)));
    for (const [from, to] of pairs) if (from !== to) push(by.get(from), by.get(to), (distance) => distance ** 2 / ideal);
    const reach = 0.1 * (1 - step / STEPS);
    for (const [point, [dx, dy]] of moves) {
      const distance = Math.hypot(dx, dy) || 1;
      point.x += (dx / distance) * Math.min(distance, reach);
      point.y += (dy / distance) * Math.min(distance, reach);
    }
  }
  const fit = (key, size) => {
    const all = points.map((point) => point[key]), low = Math.min(...all), high = Math.max(...all);
    for (const point of points) point[key] = high > low ? MARGIN + ((point[key] - low) / (high - low)) * (size - 2 * MARGIN) : size / 2;
  };
  fit("x", WIDTH);
  fit("y", HEIGHT);
  return by;
}

function arrowHead() {
  return svg("defs", {}, svg("marker", {id: "network-arrow", viewBox: "0 0 8 8", refX: 8, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto"}, svg("path", {d: "M0 0 8 4 0 8z"})));
}

function edge([from, to], names) {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1, gap = 16, end = {x: to.x - ((to.x - from.x) / length) * gap, y: to.y - ((to.y - from.y) / length) * gap};
  const name = names.length > 1 ? `${names[0]} +${names.length - 1}` : names[0];
  const label = svg("text", {x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 - 3, class: "edge"}, svg("title", {}, names.join(", ")), name);
  return [svg("line", {x1: from.x, y1: from.y, x2: end.x, y2: end.y, "marker-end": "url(#network-arrow)"}), label];
}

function node({x, y}, name, href) {
  const label = svg("text", {x, y: y + 24}, svg("title", {}, name), name.length > NAME_LENGTH ? `${name.slice(0, NAME_LENGTH - 1)}…` : name);
  // The table has the same links: the drawing is hidden from assistive technology, so its links are no stops of the keyboard.
  return svg(href ? "a" : "g", href ? {href, tabindex: -1} : {}, svg("circle", {cx: x, cy: y, r: 9}), label);
}
