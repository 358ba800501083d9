// The tabs above the editor: arrow keys go from one to the next.
import {el} from "./dom.js";
import {title_of} from "./store.js";

export class Tabs {
  constructor(store, host, changed, opened) {
    Object.assign(this, {store, changed, opened});
    this.list = el("div", {role: "tablist", ariaLabel: "Queries", keydown: (event) => this.#key(event)});
    this.closing = el("button", {type: "button", className: "plain", textContent: "Close tab", click: () => this.#close()});
    const opening = el("button", {type: "button", className: "plain", textContent: "New tab", click: () => { this.store.open("SELECT * WHERE {\n  \n}\nLIMIT 100\n"); this.changed(); this.opened(); }});
    host.append(this.list, opening, this.closing);
    host.hidden = false;
    this.show();
  }

  show() {
    this.list.replaceChildren(...this.store.state.tabs.map((tab, i) => {
      const chosen = i === this.store.state.active;
      return el("button", {type: "button", role: "tab", "aria-selected": String(chosen), tabIndex: chosen ? 0 : -1, textContent: this.#title(tab, i), click: () => this.#select(i)});
    }));
    this.closing.disabled = this.store.state.tabs.length < 2;
  }

  #title(tab, i) {
    const title = title_of(tab.query) || `Query ${i + 1}`;
    return title.length > 32 ? `${title.slice(0, 30)}…` : title;
  }

  #select(i) {
    this.store.select(i);
    this.changed();
    this.list.children[i].focus();
  }

  #close() {
    this.store.close();
    this.changed();
  }

  #key(event) {
    const count = this.store.state.tabs.length, to = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (!to) return;
    event.preventDefault();
    this.#select((this.store.state.active + to + count) % count);
  }
}
