// The drawer with the queries that were run in this browser.
import {drawer, el} from "./dom.js";
import {queryTitle} from "./tab_storage.js";

export class HistoryDrawer {
  constructor(storage, open) {
    Object.assign(this, {storage, open});
    this.list = el("ul", {className: "past"});
    this.none = el("p", {textContent: "No queries yet."});
    this.clear = el("button", {type: "button", className: "plain", textContent: "Clear history", click: () => { storage.clearHistory(); this.#fill(); }});
    this.dialog = drawer("History", el("p", {className: "quiet", textContent: "Stored in this browser only."}), this.none, this.list, this.clear);
  }

  show() {
    this.#fill();
    this.dialog.showModal();
  }

  #fill() {
    const entries = this.storage.state.history;
    this.none.hidden = entries.length > 0;
    this.clear.hidden = !entries.length;
    this.list.replaceChildren(...entries.map((one) => {
      const when = new Date(one.when).toLocaleString("en", {dateStyle: "medium", timeStyle: "short"});
      const title = queryTitle(one.query) || one.query.replace(/^(?:\s*(?:PREFIX|BASE)\b.*\n)*/i, "").trim().split("\n")[0].slice(0, 80);
      return el("li", {}, el("button", {type: "button", click: () => { this.dialog.close(); this.open(one.query); }}, el("strong", {textContent: title}), el("span", {textContent: `${when}: ${one.outcome}`})));
    }));
  }
}
