// A bar for each row, drawn as SVG. "# chart: bar ?name ?amount" in a query says what is drawn, "# chart: range ?name ?low
// ?high" draws from one number to another; without such a line the first text and the first number are drawn.
import {el, svg} from "./dom.js";

const BARS = 40, STEP = 26, NAMES = 300, WIDTH = 900;
const NUMBER = /#(?:integer|decimal|double|float)$/;

const number = (row, column) => (NUMBER.test(row[column.name]?.datatype ?? "") ? Number(row[column.name].value) : null);
const numeric = (columns, rows) => columns.filter((column) => rows.some((row) => number(row, column) !== null));
const told = (value) => value.toLocaleString("en", {maximumSignificantDigits: 5});

export const hint_of = (query) => /^#\s*chart:\s*(.+)$/m.exec(query)?.[1].trim() ?? "";
export const chartable = (columns, rows) => rows.length > 0 && columns.length > 1 && numeric(columns, rows).length > 0;

export function chart(columns, rows, hint, units, text) {
  const numbers = numeric(columns, rows), others = columns.filter((column) => !numbers.includes(column));
  const wished = (hint.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? []).flatMap((name) => columns.find((column) => column.name === name) ?? []);
  const wishedNumbers = wished.filter((column) => numbers.includes(column));
  const chosen = {
    name: wished.find((column) => others.includes(column)) ?? others.find((column) => /name|label/i.test(column.name)) ?? others[0] ?? columns[0],
    amount: wishedNumbers.at(-1) ?? numbers[0],
    from: hint.startsWith("range") && wishedNumbers.length > 1 ? wishedNumbers[0] : null,
  };
  const host = el("figure", {className: "chart"});
  const draw = () => {
    const all = rows.map((row) => ({name: text(row, chosen.name), from: chosen.from ? number(row, chosen.from) : 0, to: number(row, chosen.amount)}));
    const shown = all.filter(({to}) => to !== null), drawn = shown.slice(0, BARS), left = all.length - shown.length;
    const notes = [
      shown.length > BARS && `The first ${BARS} of ${shown.length.toLocaleString("en")} rows are drawn.`,
      left > 0 && `${left.toLocaleString("en")} ${left === 1 ? "row" : "rows"} without a number ${left === 1 ? "is" : "are"} not drawn.`,
    ];
    host.replaceChildren(
      choose("Names", columns, chosen.name, (one) => { chosen.name = one; draw(); }),
      ...chosen.from ? [choose("From", numbers, chosen.from, (one) => { chosen.from = one; draw(); })] : [],
      choose(chosen.from ? "To" : "Bars", numbers, chosen.amount, (one) => { chosen.amount = one; draw(); }),
      ...units[chosen.amount.name] ? [el("span", {className: "unit", textContent: units[chosen.amount.name]})] : [],
      bars(drawn, `${chosen.amount.name} by ${chosen.name.name}`),
      el("figcaption", {textContent: notes.filter(Boolean).join(" ")}),
    );
  };
  draw();
  return host;
}

function choose(title, columns, chosen, change) {
  const options = columns.map((column) => el("option", {textContent: column.name, selected: column === chosen}));
  const select = el("select", {change: () => change(columns[select.selectedIndex])}, ...options);
  return el("label", {}, `${title} `, select);
}

function bars(shown, title) {
  const most = Math.max(0, ...shown.map(({to}) => to)), least = Math.min(0, ...shown.map(({from, to}) => Math.min(from ?? 0, to)));
  const at = (value) => NAMES + ((WIDTH - NAMES - 130) * (value - least)) / (most - least || 1);
  const about = `${title}: ${shown.length} bars; the table holds the same numbers.`;
  const drawing = svg("svg", {viewBox: `0 0 ${WIDTH} ${shown.length * STEP + 8}`, role: "img", "aria-label": about});
  shown.forEach(({name, from, to}, i) => {
    // A range without its lower end is a mark at its upper one, never a bar from zero.
    const y = i * STEP + 4, start = at(from ?? to), end = at(to), left = Math.min(start, end);
    const label = svg("text", {x: NAMES - 8, y: y + 15, "text-anchor": "end"}, name.length > 42 ? `${name.slice(0, 40)}…` : name);
    label.append(svg("title", {}, name));
    const bar = svg("rect", {x: left, y, width: Math.max(2, Math.abs(end - start)), height: STEP - 8, rx: 3});
    const value = from !== null && from !== 0 ? `${told(from)} to ${told(to)}` : told(to);
    drawing.append(label, bar, svg("text", {x: Math.max(start, end) + 6, y: y + 15, class: "value"}, value));
  });
  return drawing;
}
