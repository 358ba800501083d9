// The toolbar below the editor, and the status line.
import {el} from "./dom.js";

export class Toolbar {
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
    line.replaceChildren(line.querySelector("button"), this.stop, button("Format", () => editor.format()), button("Examples", () => editor.examples.show()), button("Saved", () => editor.saved.show()), button("History", () => editor.history.show()), button("Share", () => this.#share(editor.share())), button("Code", () => editor.showCode()), menu, this.status);
    line.after(this.shared);
    this.results = editor.results.host;
  }

  busy(running) {
    this.stop.hidden = !running;
    this.results.setAttribute("aria-busy", String(running));
    if (running) this.setStatus("Running …");
  }

  setStatus(text) {
    this.status.textContent = text;
    this.shared.hidden = true;
  }

  outcome({rows, boolean, triples}) {
    const count = (all, noun) => (all.length === 1 ? `1 ${noun}` : `${all.length.toLocaleString("en")} ${noun}s`);
    return rows ? count(rows, "row") : triples ? count(triples, "triple") : boolean ? "yes" : "no";
  }

  showOutcome(result) {
    if (result.problem) return this.setStatus(result.problem.title);
    const server = result.server === null ? "cached" : `evaluated in ${result.server.toLocaleString("en", {maximumFractionDigits: 1})} ms`;
    return this.setStatus(`${this.outcome(result)} in ${Math.round(result.milliseconds).toLocaleString("en")} ms (${server}).`);
  }

  #share(address) {
    const field = el("input", {id: "share-link", readOnly: true, value: address});
    this.setStatus("");
    this.shared.replaceChildren(el("label", {htmlFor: "share-link", textContent: "Link to this query on this release "}), field);
    this.shared.hidden = false;
    field.focus();
    field.select();
    navigator.clipboard?.writeText(address).then(() => { this.status.textContent = "Copied."; }, () => { this.status.textContent = "Copy the link."; });
  }
}
