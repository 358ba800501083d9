// Shows a result as a sortable, paginated table with labels or IRIs, or as a chart.
import {chart, chartable, chartHint} from "./chart.js";
import {el} from "./dom.js";

const PAGE = 50;
const NUMERIC = /#(?:integer|decimal|double|float|int|long|short|byte|nonNegativeInteger|positiveInteger|gYear)$/;
const order = new Intl.Collator("en", {numeric: true, sensitivity: "base"});

export class Results {
  constructor(host, settings) {
    Object.assign(this, {host, settings, labels: true});
  }

  clear() {
    this.host.replaceChildren();
  }

  problem({title, detail, excerpt, instead}) {
    const alert = el("section", {className: "problem", role: "alert"}, el("h2", {textContent: title}), el("p", {textContent: detail}));
    if (excerpt) alert.append(el("pre", {textContent: excerpt, tabIndex: 0, ariaLabel: "Position of the error"}));
    if (instead) alert.append(instead);
    this.host.replaceChildren(alert);
  }

  note(text) {
    this.host.prepend(el("p", {className: "note", role: "status", textContent: text}));
  }

  boolean(value) {
    this.host.replaceChildren(el("p", {className: "amount", textContent: value ? "Yes" : "No"}));
  }

  graph(text) {
    this.host.replaceChildren(el("pre", {className: "graph", textContent: text, tabIndex: 0, ariaLabel: "The graph in Turtle"}));
  }

  // Comments of the query select the chart ("# chart: …") and the units of columns: a fixed one ("# unit: ?x ?y = µg"), or
  // for each row the value of another column ("# unit: ?x = ?unit").
  solutions(columns, rows, query) {
    const hint = chartHint(query), units = {};
    for (const [, names, unit] of query.matchAll(/^#\s*unit:\s*(.+?)\s*=\s*(.+?)\s*$/gm)) {
      if (!unit.includes("?") || /^\?\w+$/.test(unit)) for (const name of names.split(/\s+/)) units[name.replace("?", "")] = unit;
    }
    Object.assign(this, {columns, rows, sorted: null, page: 0, hint, units});
    this.heading = el("h2", {id: "answer"}, "Result ", el("span", {className: "count", textContent: rows.length.toLocaleString("en")}));
    this.body = el("div", {className: "body"});
    this.asChart = Boolean(hint) && chartable(columns, rows);
    this.host.replaceChildren(el("header", {}, this.heading, this.#views()), this.body);
    this.#show();
  }

  #views() {
    const group = el("div", {className: "views", role: "group", ariaLabel: "View"});
    if (chartable(this.columns, this.rows)) {
      const buttons = [["Table", false], ["Chart", true]].map(([name, chart]) =>
        el("button", {type: "button", className: "plain", textContent: name, "aria-pressed": String(this.asChart === chart), click: () => {
          this.asChart = chart;
          buttons.forEach((one) => one.setAttribute("aria-pressed", String((one.textContent === "Chart") === chart)));
          this.#show();
        }}));
      group.append(...buttons);
    }
    if (this.columns.some((column) => column.label)) {
      const box = el("input", {type: "checkbox", checked: this.labels, change: () => { this.labels = box.checked; this.#show(); }});
      group.append(el("label", {}, box, " labels"));
    }
    return group;
  }

  #show() {
    if (this.asChart) this.body.replaceChildren(chart(this.columns, this.rows, this.hint, this.units, (row, column) => this.#text(row, column)));
    else this.body.replaceChildren(this.#table(), ...this.#pages());
  }

  #text(row, column) {
    const term = row[column.name];
    if (!term) return "";
    const label = this.settings.symbols[term.value] || (column.label && row[column.label]?.value);
    return (this.labels && label) || (term.type === "uri" ? this.#short(term.value) : term.value);
  }

  #short(iri) {
    for (const [prefix, start] of Object.entries(this.settings.prefixes)) {
      const local = iri.startsWith(start) && iri.slice(start.length);
      if (local && /^[^/#]+$/.test(local)) return `${prefix}:${local}`;
    }
    return iri;
  }

  #cell(row, column) {
    const term = row[column.name];
    if (term?.type !== "uri") return el("td", {lang: term?.["xml:lang"] ?? "", className: NUMERIC.test(term?.datatype ?? "") ? "figure" : ""}, this.#text(row, column));
    const [start, path] = this.settings.pages.find(([start]) => term.value.startsWith(start)) ?? [];
    const href = start ? path + encodeURIComponent(term.value.slice(start.length)) : term.value;
    if (!/^(https?:|\/)/.test(href)) return el("td", {}, this.#text(row, column));
    return el("td", {}, el("a", {href, textContent: this.#text(row, column), title: this.#short(term.value)}));
  }

  #table() {
    const head = el("tr"), body = el("tbody");
    this.columns.forEach((column, i) => {
      const direction = this.sorted?.column === i ? (this.sorted.down ? "descending" : "ascending") : "none";
      head.append(el("th", {scope: "col", "aria-sort": direction}, el("button", {type: "button", className: "sort", textContent: column.name, click: () => this.#sort(i)}), ...this.#unit(column)));
    });
    for (const row of this.rows.slice(this.page * PAGE, (this.page + 1) * PAGE)) body.append(el("tr", {}, ...this.columns.map((column) => this.#cell(row, column))));
    return el("div", {className: "wide", tabIndex: 0, role: "region", "aria-labelledby": "answer"}, el("table", {}, el("thead", {}, head), body));
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
      const difference = numeric ? Number(value(a).value) - Number(value(b).value) : order.compare(this.#text(a, column), this.#text(b, column));
      return down ? -difference : difference;
    };
    this.rows = [...this.rows].sort(compare);
    this.page = 0;
    this.#show();
    this.body.querySelectorAll("th button")[i].focus();
  }

  #pages() {
    const last = Math.ceil(this.rows.length / PAGE) - 1;
    if (last < 1) return [];
    const turn = (name, to, off) => el("button", {type: "button", className: "plain", textContent: name, disabled: off, click: () => {
      this.page = to;
      this.#show();
      this.heading.scrollIntoView({block: "start"});
      [...this.body.querySelectorAll("nav button")].find((button) => button.textContent === name && !button.disabled)?.focus();
    }});
    const shown = `Rows ${(this.page * PAGE + 1).toLocaleString("en")} to ${Math.min(this.rows.length, (this.page + 1) * PAGE).toLocaleString("en")} of ${this.rows.length.toLocaleString("en")}`;
    return [el("nav", {className: "pages", ariaLabel: "Pages of the result"}, turn("First", 0, !this.page), turn("Previous", this.page - 1, !this.page), el("span", {textContent: shown}), turn("Next", this.page + 1, this.page === last), turn("Last", last, this.page === last))];
  }
}
