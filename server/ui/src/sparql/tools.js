// The line of buttons below the editor, and the line that says what happens.
import {el} from "./dom.js";

export class Tools {
  constructor(editor) {
    const button = (textContent, click) => el("button", {type: "button", className: "plain", textContent, click});
    this.status = el("span", {role: "status", className: "quiet"});
    this.stop = button("Cancel", () => editor.cancel());
    this.stop.hidden = true;
    this.shared = el("p", {className: "shared", hidden: true});
    const formats = el("ul", {}, ...editor.settings.formats.map((format) => el("li", {}, button(format.label, () => { menu.open = false; editor.download(format); }))));
    const menu = el("details", {className: "menu"}, el("summary", {textContent: "Download"}), formats);
    menu.addEventListener("keydown", (event) => { if (event.key === "Escape") { menu.open = false; menu.firstChild.focus(); } });
    menu.addEventListener("focusout", (event) => { if (!menu.contains(event.relatedTarget)) menu.open = false; });
    const line = editor.form.querySelector(".tools");
    line.replaceChildren(line.querySelector("button"), this.stop, button("Examples", () => editor.examples.show()), button("History", () => editor.past.show()), button("Share", () => this.#share(editor.share())), menu, this.status);
    line.after(this.shared);
    this.results = editor.results.host;
  }

  busy(running) {
    this.stop.hidden = !running;
    this.results.setAttribute("aria-busy", String(running));
    if (running) this.say("Running …");
  }

  say(text) {
    this.status.textContent = text;
    this.shared.hidden = true;
  }

  outcome({rows, boolean, graph}) {
    if (rows) return rows.length === 1 ? "1 row" : `${rows.length.toLocaleString("en")} rows`;
    return graph === undefined ? (boolean ? "yes" : "no") : `${graph.length.toLocaleString("en")} characters of Turtle`;
  }

  answered(found) {
    if (found.problem) return this.say(found.problem.title);
    const server = found.server === null ? "from the cache" : `${found.server.toLocaleString("en", {maximumFractionDigits: 1})} ms of evaluation`;
    return this.say(`${this.outcome(found)} in ${Math.round(found.milliseconds).toLocaleString("en")} ms (${server}).`);
  }

  #share(address) {
    const field = el("input", {id: "share-link", readOnly: true, value: address});
    this.say("");
    this.shared.replaceChildren(el("label", {htmlFor: "share-link", textContent: "A link to this query on this release "}), field);
    this.shared.hidden = false;
    field.focus();
    field.select();
    navigator.clipboard?.writeText(address).then(() => { this.status.textContent = "Copied."; }, () => { this.status.textContent = "Copy the link."; });
  }
}
