// Shows a result as a sortable table that can be filtered and copied, with labels or IRIs, as a chart, or as a graph.
import {el} from "../dom.js";
import {chart, chartable, chartHint} from "./chart.js";
import {graphView} from "./graph_view.js";
import {Terms} from "./terms.js";

const PAGE = 50;
const NUMERIC = /#(?:integer|decimal|double|float|int|long|short|byte|nonNegativeInteger|positiveInteger|gYear)$/;
const order = new Intl.Collator("en", {numeric: true, sensitivity: "base"});
const count = (number) => number.toLocaleString("en");

export class Results {
  // `turtle` returns a promise of the Turtle of the last result.
  constructor(host, settings, turtle) {
    Object.assign(this, {host, turtle, terms: new Terms(settings)});
  }

  clear() {
    this.host.replaceChildren();
  }

  problem({title, detail, excerpt, instead}) {
    const alert = el("section", {className: "problem", role: "alert"}, el("h2", {textContent: title}), el("p", {textContent: detail}));
    if (excerpt) alert.append(el("pre", {textContent: excerpt, tabIndex: 0, role: "region", ariaLabel: "Position of the error"}));
    if (instead) alert.append(instead);
    this.host.replaceChildren(alert);
  }

  note(text) {
    this.host.prepend(el("p", {className: "note", role: "status", textContent: text}));
  }

  boolean(value) {
    this.host.replaceChildren(el("p", {className: "amount", textContent: value ? "Yes" : "No"}));
  }

  // The triples of a CONSTRUCT or DESCRIBE, with a vocabulary for labels that the graph itself lacks.
  graph(triples, vocabulary) {
    this.terms.learn(triples, vocabulary);
    const columns = ["subject", "predicate", "object"].map((name) => ({name, label: null}));
    this.#open({columns, rows: triples, hint: "", units: {}, labelled: true}, ["Table", "Graph", "Turtle"], "Table", triples.length === 1 ? "triple" : "triples");
  }

  // Comments of the query select the chart ("# chart: …") and the units of columns: a fixed one ("# unit: ?x ?y = µg"), or
  // for each row the value of another column ("# unit: ?x = ?unit").
  solutions(columns, rows, query) {
    const hint = chartHint(query), units = {}, drawable = chartable(columns, rows);
    for (const [, names, unit] of query.matchAll(/^#\s*unit:\s*(.+?)\s*=\s*(.+?)\s*$/gm)) {
      if (!unit.includes("?") || /^\?\w+$/.test(unit)) for (const name of names.split(/\s+/)) units[name.replace("?", "")] = unit;
    }
    const labelled = columns.some((column) => column.label);
    this.#open({columns, rows, hint, units, labelled}, drawable ? ["Table", "Chart"] : [], hint && drawable ? "Chart" : "Table", rows.length === 1 ? "row" : "rows");
  }

  #open(result, views, view, noun) {
    Object.assign(this, result, {all: result.rows, view, noun, sorted: null, page: 0});
    this.heading = el("h2", {id: "answer"}, "Result ", el("span", {className: "count", textContent: count(result.rows.length)}), el("span", {className: "hidden", textContent: ` ${noun}`}));
    this.body = el("div", {className: "body"});
    this.status = el("span", {role: "status", className: "quiet"});
    this.host.replaceChildren(el("header", {}, this.heading, this.#views(views)), this.body);
    if (!result.rows.length) this.body.append(el("p", {className: "none", textContent: `No ${noun}: nothing in the graph matches. That is not evidence that there is none.`}));
    else this.#show();
  }

  #views(views) {
    const group = el("div", {className: "views", role: "group", ariaLabel: "View"});
    const buttons = views.map((name) => el("button", {type: "button", className: "plain", textContent: name, "aria-pressed": String(this.view === name), click: () => {
      this.view = name;
      buttons.forEach((one) => one.setAttribute("aria-pressed", String(one.textContent === name)));
      this.#show();
    }}));
    group.append(...buttons);
    if (this.labelled) {
      const box = el("input", {type: "checkbox", checked: this.terms.labels, change: () => { this.terms.labels = box.checked; this.#show(); }});
      group.append(el("label", {}, box, " labels"));
    }
    return group;
  }

  #show() {
    if (!this.all.length) return;
    const text = (row, column) => this.terms.text(row, column);
    if (this.view === "Chart") this.body.replaceChildren(chart(this.columns, this.all, this.hint, this.units, text));
    else if (this.view === "Graph") this.body.replaceChildren(graphView(this.all, (term) => this.terms.name(term), (term) => this.terms.link(term)));
    else if (this.view === "Turtle") this.#showTurtle();
    else this.#showTable();
  }

  async #showTurtle() {
    const pre = el("pre", {className: "graph", textContent: "Loading …", tabIndex: 0, role: "region", ariaLabel: "The graph in Turtle"});
    this.body.replaceChildren(pre);
    pre.textContent = await this.turtle();
  }

  #showTable() {
    const find = el("input", {type: "search", id: "filter-rows", input: () => this.#filter(find.value)});
    const copy = el("button", {type: "button", className: "plain", textContent: "Copy table", click: () => this.#copy()});
    this.table = el("div");
    this.rows = this.all;
    this.page = 0;
    this.status.textContent = "";
    this.body.replaceChildren(el("p", {className: "within"}, el("label", {htmlFor: "filter-rows", textContent: `Filter ${this.noun}`}), find, copy, this.status), this.table);
    this.#fill();
  }

  #filter(typed) {
    const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
    const matches = (row) => { const text = this.columns.map((column) => this.terms.text(row, column)).join(" ").toLowerCase(); return words.every((word) => text.includes(word)); };
    this.rows = words.length ? this.all.filter(matches) : this.all;
    this.page = 0;
    this.status.textContent = words.length ? `${count(this.rows.length)} of ${count(this.all.length)} ${this.noun}` : "";
    this.#fill();
  }

  // As tab-separated values, which spreadsheets paste into cells.
  #copy() {
    const line = (cells) => cells.map((cell) => cell.replace(/[\t\r\n]+/g, " ")).join("\t");
    const text = [line(this.columns.map((column) => column.name)), ...this.rows.map((row) => line(this.columns.map((column) => this.terms.text(row, column))))].join("\n");
    const done = `${count(this.rows.length)} ${this.rows.length === 1 ? "row" : "rows"} copied.`;
    navigator.clipboard.writeText(text).then(() => { this.status.textContent = done; }, () => { this.status.textContent = "The browser did not allow copying."; });
  }

  #fill() {
    this.table.replaceChildren(this.#table(), ...this.#pages());
  }

  #cell(row, column, tag) {
    const term = row[column.name], text = this.terms.text(row, column), href = this.terms.link(term), scope = tag === "th" ? {scope: "row"} : {};
    if (href) return el(tag, scope, el("a", {href, textContent: text, title: this.terms.short(term.value)}));
    const type = term?.datatype && !/#(?:string|langString)$/.test(term.datatype) ? {title: this.terms.short(term.datatype)} : {};
    return el(tag, {...scope, ...type, lang: term?.["xml:lang"] ?? "", className: NUMERIC.test(term?.datatype ?? "") ? "figure" : ""}, text);
  }

  #table() {
    const head = el("tr"), body = el("tbody");
    this.columns.forEach((column, i) => {
      const direction = this.sorted?.column === i ? (this.sorted.down ? "descending" : "ascending") : "none";
      head.append(el("th", {scope: "col", "aria-sort": direction}, el("button", {type: "button", className: "sort", textContent: column.name, click: () => this.#sort(i)}), ...this.#unit(column)));
    });
    for (const row of this.rows.slice(this.page * PAGE, (this.page + 1) * PAGE)) body.append(el("tr", {}, ...this.columns.map((column, i) => this.#cell(row, column, i || this.columns.length === 1 ? "td" : "th"))));
    const caption = el("caption", {className: "hidden", textContent: `Result: ${count(this.rows.length)} ${this.noun}`});
    return el("div", {className: "wide", tabIndex: 0, role: "region", "aria-labelledby": "answer"}, el("table", {}, caption, el("thead", {}, head), body));
  }

  #unit(column) {
    const unit = this.units[column.name];
    return unit && !unit.startsWith("?") ? [" ", el("span", {className: "unit", textContent: unit})] : [];
  }

  #sort(i) {
    const down = this.sorted?.column === i && !this.sorted.down;
    this.sorted = {column: i, down};
    const column = this.columns[i], value = (row) => row[column.name];
    const compare = (a, b) => {
      if (!value(a) || !value(b)) return (value(a) ? 0 : 1) - (value(b) ? 0 : 1); // Missing values come last in both directions.
      const numeric = [a, b].every((row) => NUMERIC.test(value(row).datatype ?? ""));
      const difference = numeric ? Number(value(a).value) - Number(value(b).value) : order.compare(this.terms.text(a, column), this.terms.text(b, column));
      return down ? -difference : difference;
    };
    this.rows = [...this.rows].sort(compare);
    this.all = [...this.all].sort(compare);
    this.page = 0;
    this.#fill();
    this.table.querySelectorAll("thead button")[i].focus();
  }

  #pages() {
    const last = Math.ceil(this.rows.length / PAGE) - 1;
    if (last < 1) return [];
    const turn = (name, to, off) => el("button", {type: "button", className: "plain", textContent: name, disabled: off, click: () => {
      this.page = to;
      this.#fill();
      this.heading.scrollIntoView({block: "start"});
      [...this.table.querySelectorAll("nav button")].find((button) => button.textContent === name && !button.disabled)?.focus();
    }});
    const shown = `Rows ${count(this.page * PAGE + 1)} to ${count(Math.min(this.rows.length, (this.page + 1) * PAGE))} of ${count(this.rows.length)}`;
    return [el("nav", {className: "pages", ariaLabel: "Pages of the result"}, turn("First", 0, !this.page), turn("Previous", this.page - 1, !this.page), el("span", {textContent: shown}), turn("Next", this.page + 1, this.page === last), turn("Last", last, this.page === last))];
  }
}
