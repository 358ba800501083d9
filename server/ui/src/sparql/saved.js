// The drawer of queries that were saved under a name, in this browser; a file takes them elsewhere.
import {drawer, el} from "./dom.js";
import {queryTitle} from "./tab_storage.js";

const VERSION = 1;

export class SavedDrawer {
  constructor(storage, current, open) {
    Object.assign(this, {storage, current, open});
    this.name = el("input", {id: "saved-name", required: true, maxLength: 120, autocomplete: "off"});
    const form = el("form", {className: "saving", submit: (event) => { event.preventDefault(); this.#save(); }}, el("label", {htmlFor: "saved-name", textContent: "Name"}), this.name, el("button", {textContent: "Save this query"}));
    this.status = el("p", {role: "status", className: "quiet"});
    this.list = el("ul", {className: "past"});
    this.file = el("input", {type: "file", accept: "application/json,.json", id: "saved-file", change: () => this.#import()});
    this.exporting = el("button", {type: "button", className: "plain", textContent: "Export as a file", click: () => this.#export()});
    this.dialog = drawer("Saved queries", el("p", {className: "quiet", textContent: "Stored in this browser only."}), form, this.status, this.list,
      el("p", {className: "saving"}, this.exporting), el("p", {className: "saving"}, el("label", {htmlFor: "saved-file", textContent: "Import a file"}), this.file));
  }

  show() {
    this.name.value = queryTitle(this.current());
    this.status.textContent = "";
    this.#fill();
    this.dialog.showModal();
    this.name.select();
  }

  #save() {
    const name = this.name.value.trim();
    if (!name) return;
    const replaced = this.storage.saveQuery(name, this.current());
    this.status.textContent = replaced ? `Replaced “${name}”.` : `Saved “${name}”.`;
    this.#fill();
  }

  #fill() {
    const {saved} = this.storage.state;
    this.exporting.disabled = !saved.length;
    this.list.replaceChildren(...saved.map(({name, query}) => el("li", {className: "saved"},
      el("button", {type: "button", click: () => { this.dialog.close(); this.open(query); }}, el("strong", {textContent: name})),
      el("button", {type: "button", className: "plain", textContent: "Delete", ariaLabel: `Delete ${name}`, click: () => { this.storage.removeQuery(name); this.status.textContent = `Deleted “${name}”.`; this.#fill(); this.name.focus(); }}))));
  }

  #export() {
    const content = JSON.stringify({version: VERSION, queries: this.storage.state.saved}, null, 1);
    const address = URL.createObjectURL(new Blob([content], {type: "application/json"}));
    el("a", {href: address, download: "vitk-queries.json"}).click();
    URL.revokeObjectURL(address);
  }

  async #import() {
    const [file] = this.file.files;
    if (!file) return;
    const queries = readQueries(await file.text());
    for (const {name, query} of queries ?? []) this.storage.saveQuery(name, query);
    this.status.textContent = queries ? `Imported ${queries.length} ${queries.length === 1 ? "query" : "queries"}.` : "This is not a file of saved queries.";
    this.file.value = "";
    this.#fill();
  }
}

// The queries of an exported file, or null if it is something else.
function readQueries(text) {
  try {
    const {queries} = JSON.parse(text);
    return Array.isArray(queries) && queries.every(({name, query}) => typeof name === "string" && typeof query === "string") ? queries : null;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    return null;
  }
}
