// The SPARQL page with an editor: wraps the form that works without it.
import {acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap} from "@codemirror/autocomplete";
import {defaultKeymap, history, historyKeymap} from "@codemirror/commands";
import {bracketMatching} from "@codemirror/language";
import {forceLinting, lintKeymap, linter} from "@codemirror/lint";
import {EditorState, StateEffect} from "@codemirror/state";
import {EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers} from "@codemirror/view";
import {ask} from "./sparql/asking.js";
import {Completion} from "./sparql/completion.js";
import {el} from "./sparql/dom.js";
import {Examples} from "./sparql/examples.js";
import {hints, placed} from "./sparql/hints.js";
import {looks} from "./sparql/language.js";
import {Past} from "./sparql/past.js";
import {declaring} from "./sparql/prefixes.js";
import {Results} from "./sparql/results.js";
import {share} from "./sparql/share.js";
import {Store} from "./sparql/store.js";
import {Tabs} from "./sparql/tabs.js";
import {Tools} from "./sparql/tools.js";

// The linter looks again only when something is said to have changed: here, what the server said.
const answered = StateEffect.define();

// Text typed over a selection would make Chromium write styles into the page, which the content policy forbids.
function typedOver(event, view) {
  if (event.inputType !== "insertText" || !event.data || /^[([{"'<]$/.test(event.data) || view.state.selection.main.empty) return false;
  event.preventDefault();
  view.dispatch(view.state.replaceSelection(event.data), {userEvent: "input.type", scrollIntoView: true});
  return true;
}

class SparqlEditor extends HTMLElement {
  connectedCallback() {
    this.settings = JSON.parse(this.querySelector("script[type='application/json']").textContent);
    this.form = this.querySelector("form");
    this.area = this.querySelector("textarea");
    this.store = new Store();
    this.completion = new Completion(this.settings);
    this.results = new Results(this.querySelector(".results"), this.settings);
    const linked = new URLSearchParams(location.hash.slice(1)).get("query");
    const given = linked ?? (this.settings.given ? this.area.value : null);
    if (given !== null || !this.store.tab) this.store.open(given ?? this.area.value);
    this.#mount();
    this.examples = new Examples(this.settings, document.querySelector(".examples"), (query) => this.open(query));
    this.past = new Past(this.store, (query) => this.open(query));
    this.tabs = new Tabs(this.store, this.querySelector(".tabs"), () => this.#showTab(), () => this.view.focus());
    this.tools = new Tools(this);
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.run(); });
    if (this.settings.problem) this.#show(this.query, {problem: this.settings.problem});
    else if (given !== null) this.run();
    this.toggleAttribute("ready", true);
  }

  get query() { return this.view.state.doc.toString(); }

  open(query) {
    this.store.open(query);
    this.#showTab();
    this.run();
  }

  async run() {
    this.cancel();
    const line = declaring(this.query, this.settings.prefixes);
    if (line) this.view.dispatch({changes: line});
    const query = this.query, running = this.running = new AbortController();
    this.tools.busy(true);
    this.said = null;
    let found;
    try {
      found = await ask(this.settings, query, {labels: true, signal: running.signal});
    } catch (error) {
      if (error.name === "AbortError") return;
      found = {problem: {title: "The server could not be reached", detail: error.message}};
    } finally {
      if (this.running === running) { this.running = null; this.tools.busy(false); }
    }
    this.#show(query, found);
  }

  cancel() {
    if (!this.running) return;
    this.running.abort();
    this.running = null;
    this.tools.busy(false);
    this.tools.say("Cancelled.");
  }

  async download(format) {
    this.tools.say(`Fetching ${format.label} …`);
    const {blob, problem} = await ask(this.settings, this.query, {accept: format.type});
    if (problem) return this.#show(this.query, {problem});
    const address = URL.createObjectURL(blob);
    el("a", {href: address, download: `vitk-answer.${format.name}`}).click();
    URL.revokeObjectURL(address);
    this.tools.say(`Downloaded as ${format.label}.`);
  }

  share() { return share(this.settings, this.query); }

  #show(query, found) {
    const {problem, columns, rows, boolean, graph} = found;
    this.said = problem ? {query, problem} : null;
    if (problem) this.results.problem(problem);
    else if (columns) this.results.solutions(columns, rows, query);
    else if (graph !== undefined) this.results.graph(graph);
    else this.results.boolean(boolean);
    if (found.hint) this.results.remark(found.hint);
    this.tools.answered(found);
    this.store.ran(query, problem ? problem.title : this.tools.outcome(found));
    this.view.dispatch({effects: answered.of(null)});
    forceLinting(this.view);
    if (problem?.line && this.query === query) this.view.dispatch({selection: {anchor: placed(this.view.state.doc, problem.line, problem.column).from}, scrollIntoView: true});
  }

  #showTab() {
    this.cancel();
    this.view.setState(this.#state(this.store.tab.query));
    this.results.clear();
    this.tabs.show();
    this.tools.say("");
  }

  #mount() {
    const host = el("div", {className: "editor"});
    this.area.hidden = true;
    this.querySelector(`label[for=${this.area.id}]`).hidden = true;
    this.area.after(host);
    // In a shadow root CodeMirror styles itself through adoptedStyleSheets, which the policy on styles allows.
    const root = host.attachShadow({mode: "open"});
    const parent = root.appendChild(el("div"));
    this.view = new EditorView({parent, root, state: this.#state(this.store.tab.query)});
  }

  #state(doc) {
    return EditorState.create({doc, extensions: [
      lineNumbers(), history(), drawSelection(), bracketMatching(), closeBrackets(), highlightActiveLine(), EditorView.lineWrapping, looks,
      autocompletion({override: [this.completion.source], icons: false}),
      linter(async (view) => hints(view, this.settings, this.completion.loaded, this.said), {delay: 500, needsRefresh: (update) => update.transactions.some((one) => one.effects.some((effect) => effect.is(answered)))}),
      EditorView.contentAttributes.of({"aria-label": "SPARQL query"}),
      EditorView.domEventHandlers({beforeinput: typedOver}),
      EditorView.updateListener.of((update) => this.#changed(update)),
      keymap.of([{key: "Mod-Enter", run: () => { this.run(); return true; }}, {key: "Tab", run: acceptCompletion}, ...completionKeymap, ...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...lintKeymap]),
    ]});
  }

  #changed(update) {
    if (update.focusChanged && update.view.hasFocus) this.completion.vocabulary();
    // A list that scrolls must be within reach of the keyboard; the one of completions has no other way to say so.
    queueMicrotask(() => this.view.root.querySelector(".cm-tooltip-autocomplete > ul")?.setAttribute("tabindex", "0"));
    if (!update.docChanged) return;
    this.store.change(this.query);
    if (!update.transactions.some((one) => one.isUserEvent("input.type") || one.isUserEvent("input.paste"))) return;
    const line = declaring(this.query, this.settings.prefixes);
    if (line) queueMicrotask(() => this.view.dispatch({changes: line}));
  }
}

customElements.define("sparql-editor", SparqlEditor);
