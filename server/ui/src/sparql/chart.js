// A bar for each row, drawn as SVG: "# chart: bar ?name ?amount" in a query says what is drawn, else the first text and
// the first number are.
import {el, svg} from "./dom.js";

const BARS = 40, STEP = 26, NAMES = 300, WIDTH = 900;
const number = (row, column) => (/#(?:integer|decimal|double|float)$/.test(row[column.name]?.datatype ?? "") ? Number(row[column.name].value) : null);
const numeric = (columns, rows) => columns.filter((column) => rows.some((row) => number(row, column) !== null));

export const hint_of = (query) => /^#\s*chart:\s*(.+)$/m.exec(query)?.[1].trim() ?? "";
export const chartable = (columns, rows) => rows.length > 0 && columns.length > 1 && numeric(columns, rows).length > 0;

export function chart(columns, rows, hint, text) {
  const numbers = numeric(columns, rows), named = hint.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? [];
  const wished = columns.filter((column) => named.includes(column.name));
  const amount = wished.find((column) => numbers.includes(column)) ?? numbers[0];
  const others = columns.filter((column) => !numbers.includes(column));
  const name = wished.find((column) => column !== amount) ?? others.find((column) => /name|label/i.test(column.name)) ?? others[0] ?? columns[0];
  const host = el("figure", {className: "chart"});
  const draw = (labels, amounts) => {
    const shown = rows.map((row) => [text(row, labels), number(row, amounts)]).filter(([, value]) => value !== null);
    const left = rows.length - shown.length, drawn = shown.slice(0, BARS);
    const more = [shown.length > BARS && `The first ${BARS} of ${shown.length.toLocaleString("en")} rows are drawn.`, left && `${left.toLocaleString("en")} rows without a number are not drawn.`].filter(Boolean).join(" ");
    host.replaceChildren(choose("Names", columns, labels, (one) => draw(one, amounts)), choose("Bars", numbers, amounts, (one) => draw(labels, one)), bars(drawn, `${amounts.name} by ${labels.name}`), el("figcaption", {textContent: more}));
  };
  draw(name, amount);
  return host;
}

function choose(title, columns, chosen, change) {
  const select = el("select", {change: () => change(columns[select.selectedIndex])}, ...columns.map((column) => el("option", {textContent: column.name, selected: column === chosen})));
  return el("label", {}, `${title} `, select);
}

function bars(shown, title) {
  const most = Math.max(...shown.map(([, value]) => value), 0), least = Math.min(...shown.map(([, value]) => value), 0);
  const at = (value) => NAMES + ((WIDTH - NAMES - 90) * (value - least)) / (most - least || 1);
  const drawing = svg("svg", {viewBox: `0 0 ${WIDTH} ${shown.length * STEP + 8}`, role: "img", "aria-label": `${title}: ${shown.length} bars; the table holds the same numbers.`});
  shown.forEach(([name, value], i) => {
    const y = i * STEP + 4, from = at(Math.min(0, value)), to = at(Math.max(0, value));
    const label = svg("text", {x: NAMES - 8, y: y + 15, "text-anchor": "end"}, name.length > 42 ? `${name.slice(0, 40)}…` : name);
    label.append(svg("title", {}, name));
    drawing.append(label, svg("rect", {x: from, y, width: Math.max(1, to - from), height: STEP - 8, rx: 3}), svg("text", {x: to + 6, y: y + 15, class: "value"}, value.toLocaleString("en", {maximumSignificantDigits: 5})));
  });
  return drawing;
}
