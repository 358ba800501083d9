// The drawer of queries that were run in this browser before.
import {drawer, el} from "./dom.js";
import {title_of} from "./store.js";

export class Past {
  constructor(store, open) {
    Object.assign(this, {store, open});
    this.list = el("ul", {className: "past"});
    this.none = el("p", {textContent: "Nothing was run in this browser yet."});
    this.clear = el("button", {type: "button", className: "plain", textContent: "Forget them all", click: () => { store.forget(); this.#fill(); }});
    this.dialog = drawer("History", el("p", {className: "quiet", textContent: "Stored in this browser only."}), this.none, this.list, this.clear);
  }

  show() {
    this.#fill();
    this.dialog.showModal();
  }

  #fill() {
    const past = this.store.state.history;
    this.none.hidden = past.length > 0;
    this.clear.hidden = !past.length;
    this.list.replaceChildren(...past.map((one) => {
      const when = new Date(one.when).toLocaleString("en", {dateStyle: "medium", timeStyle: "short"});
      const first = title_of(one.query) || one.query.replace(/^(?:\s*(?:PREFIX|BASE)\b.*\n)*/i, "").trim().split("\n")[0].slice(0, 80);
      return el("li", {}, el("button", {type: "button", click: () => { this.dialog.close(); this.open(one.query); }}, el("strong", {textContent: first}), el("span", {textContent: `${when}: ${one.outcome}`})));
    }));
  }
}
