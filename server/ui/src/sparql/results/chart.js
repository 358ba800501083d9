// A bar chart in SVG with a bar for each row. The comment "# chart: bar ?name ?amount" in a query selects the columns;
// "# chart: range ?name ?low ?high" draws ranges. The default is the first text and the first number. Rows in another unit
// than that of the first row are omitted, because they do not fit its scale.
import {el, svg} from "../dom.js";

const BARS = 40, STEP = 26;
const WIDE = {width: 900, names: 300, values: 130, letters: 42}, NARROW = {width: 360, names: 128, values: 96, letters: 15};
const layout = () => (matchMedia("(max-width: 40rem)").matches ? NARROW : WIDE);
const NUMBER = /#(?:integer|decimal|double|float)$/;

const number = (row, column) => (NUMBER.test(row[column.name]?.datatype ?? "") ? Number(row[column.name].value) : null);
const numeric = (columns, rows) => columns.filter((column) => rows.some((row) => number(row, column) !== null));
const format = (value) => value.toLocaleString("en", {maximumSignificantDigits: 5});

export const chartHint = (query) => /^#\s*chart:\s*(.+)$/m.exec(query)?.[1].trim() ?? "";
export const chartable = (columns, rows) => rows.length > 0 && columns.length > 1 && numeric(columns, rows).length > 0;

export function chart(columns, rows, hint, units, text) {
  const numbers = numeric(columns, rows), others = columns.filter((column) => !numbers.includes(column));
  const hinted = (hint.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? []).flatMap((name) => columns.find((column) => column.name === name) ?? []);
  const hintedNumbers = hinted.filter((column) => numbers.includes(column));
  const chosen = {
    name: hinted.find((column) => others.includes(column)) ?? others.find((column) => /name|label/i.test(column.name)) ?? others[0] ?? columns[0],
    amount: hintedNumbers.at(-1) ?? numbers[0],
    from: hint.startsWith("range") && hintedNumbers.length > 1 ? hintedNumbers[0] : null,
  };
  const host = el("figure", {className: "chart"});
  let now;
  const draw = () => {
    now = layout();
    const unit = units[chosen.amount.name] ?? "", own = columns.find((column) => unit === `?${column.name}`);
    const all = rows.map((row) => ({name: text(row, chosen.name), from: chosen.from ? number(row, chosen.from) : 0, to: number(row, chosen.amount), unit: own ? text(row, own) : ""}));
    const numbered = all.filter(({to}) => to !== null), scale = numbered[0]?.unit, shown = numbered.filter((one) => one.unit === scale);
    const drawn = shown.slice(0, BARS), left = all.length - numbered.length, others = numbered.length - shown.length;
    const notes = [
      shown.length > BARS && `Shows the first ${BARS} of ${shown.length.toLocaleString("en")} rows.`,
      left > 0 && `${left.toLocaleString("en")} ${left === 1 ? "row" : "rows"} without a number ${left === 1 ? "is" : "are"} not shown.`,
      others > 0 && `${others.toLocaleString("en")} ${others === 1 ? "row" : "rows"} ${scale ? `in another unit than ${scale}` : "with a unit"} ${others === 1 ? "is" : "are"} not shown.`,
    ];
    host.replaceChildren(
      choose("Names", columns, chosen.name, (one) => { chosen.name = one; draw(); }),
      ...chosen.from ? [choose("From", numbers, chosen.from, (one) => { chosen.from = one; draw(); })] : [],
      choose(chosen.from ? "To" : "Bars", numbers, chosen.amount, (one) => { chosen.amount = one; draw(); }),
      ...unit && !unit.startsWith("?") ? [el("span", {className: "unit", textContent: unit})] : [],
      bars(drawn, `${chosen.amount.name} by ${chosen.name.name}`, now),
      el("figcaption", {textContent: notes.filter(Boolean).join(" ")}),
    );
  };
  draw();
  new ResizeObserver(() => { if (layout() !== now) draw(); }).observe(host);
  return host;
}

function choose(title, columns, chosen, change) {
  const options = columns.map((column) => el("option", {textContent: column.name, selected: column === chosen}));
  const select = el("select", {change: () => change(columns[select.selectedIndex])}, ...options);
  return el("label", {}, `${title} `, select);
}

function bars(shown, title, {width, names, values, letters}) {
  const max = Math.max(0, ...shown.map(({to}) => to)), min = Math.min(0, ...shown.map(({from, to}) => Math.min(from ?? 0, to)));
  const at = (value) => names + ((width - names - values) * (value - min)) / (max - min || 1);
  const about = `${title}: ${shown.length} bars; the table has the same numbers.`;
  const drawing = svg("svg", {viewBox: `0 0 ${width} ${shown.length * STEP + 8}`, role: "img", "aria-label": about});
  shown.forEach(({name, from, to, unit}, i) => {
    // A range without its lower end is drawn as a mark at its upper end, never as a bar from zero.
    const y = i * STEP + 4, start = at(from ?? to), end = at(to), left = Math.min(start, end);
    const label = svg("text", {x: names - 8, y: y + 15, "text-anchor": "end"}, name.length > letters ? `${name.slice(0, letters - 2)}…` : name);
    label.append(svg("title", {}, name));
    const bar = svg("rect", {x: left, y, width: Math.max(2, Math.abs(end - start)), height: STEP - 8, rx: 3});
    const value = from !== null && from !== 0 ? `${format(from)} to ${format(to)}` : format(to);
    drawing.append(label, bar, svg("text", {x: Math.max(start, end) + 6, y: y + 15, class: "value"}, `${value} ${unit}`.trim()));
  });
  return drawing;
}
