// The tabs above the editor; arrow keys move between them.
import {el} from "./dom.js";
import {queryTitle} from "./tab_storage.js";

export class Tabs {
  constructor(storage, host, changed, opened) {
    Object.assign(this, {storage, changed, opened});
    this.list = el("div", {role: "tablist", ariaLabel: "Queries", keydown: (event) => this.#key(event)});
    this.closing = el("button", {type: "button", className: "plain", textContent: "Close tab", click: () => this.#close()});
    const opening = el("button", {type: "button", className: "plain", textContent: "New tab", click: () => { this.storage.open("SELECT * WHERE {\n  \n}\nLIMIT 100\n"); this.changed(); this.opened(); }});
    host.append(this.list, opening, this.closing);
    host.hidden = false;
    this.show();
  }

  show() {
    this.list.replaceChildren(...this.storage.state.tabs.map((tab, i) => {
      const chosen = i === this.storage.state.active;
      return el("button", {type: "button", role: "tab", "aria-selected": String(chosen), tabIndex: chosen ? 0 : -1, textContent: this.#title(tab, i), click: () => this.#select(i)});
    }));
    this.closing.disabled = this.storage.state.tabs.length < 2;
  }

  // Shows the title of the selected tab again, since its query was edited.
  rename() {
    const {active, tabs} = this.storage.state, shown = this.list.children[active], title = this.#title(tabs[active], active);
    if (shown && shown.textContent !== title) shown.textContent = title;
  }

  #title(tab, i) {
    const title = queryTitle(tab.query) || `Query ${i + 1}`;
    return title.length > 32 ? `${title.slice(0, 30)}…` : title;
  }

  #select(i) {
    this.storage.select(i);
    this.changed();
    this.list.children[i].focus();
  }

  #close() {
    this.storage.close();
    this.changed();
  }

  #key(event) {
    const count = this.storage.state.tabs.length, to = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (!to) return;
    event.preventDefault();
    this.#select((this.storage.state.active + to + count) % count);
  }
}
