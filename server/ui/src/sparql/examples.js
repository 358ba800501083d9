// The drawer of example queries, searchable by words of their titles, summaries and tags.
import {drawer, el} from "./dom.js";

export class Examples {
  // `load` returns a promise of all examples.
  constructor(section, load, open) {
    Object.assign(this, {load, open});
    this.box = el("input", {type: "search", id: "find-example", input: () => this.#filter()});
    this.count = el("p", {role: "status", className: "quiet"});
    this.list = section.querySelector("ul");
    this.list.addEventListener("click", (event) => this.#choose(event));
    const tags = new Set([...this.list.querySelectorAll(".tags")].flatMap((one) => one.textContent.split(" · ")));
    const chips = el("p", {className: "chips"}, ...[...tags].sort().map((tag) => el("button", {type: "button", className: "plain", textContent: tag, click: () => { this.box.value = tag; this.#filter(); }})));
    this.dialog = drawer("Examples", el("label", {htmlFor: "find-example", textContent: "Find a query"}), this.box, chips, this.count, this.list);
    section.remove();
  }

  show() {
    this.dialog.showModal();
    this.box.focus();
    this.#filter();
  }

  #filter() {
    const terms = this.box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const item of this.list.children) {
      const text = item.textContent.toLowerCase();
      item.hidden = !terms.every((word) => text.includes(word));
      shown += item.hidden ? 0 : 1;
    }
    this.count.textContent = shown === 1 ? "1 query" : `${shown} queries`;
  }

  async #choose(event) {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const example = (await this.load()).find((one) => one.name === link.dataset.name);
    this.dialog.close();
    if (example) this.open(example.query);
    else location.assign(link.href);
  }
}
