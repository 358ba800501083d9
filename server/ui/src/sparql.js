// The query editor of the SPARQL page; it enhances a form that works without it.
import {acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap} from "@codemirror/autocomplete";
import {defaultKeymap, history, historyKeymap} from "@codemirror/commands";
import {bracketMatching} from "@codemirror/language";
import {forceLinting, lintKeymap, linter} from "@codemirror/lint";
import {EditorState, StateEffect} from "@codemirror/state";
import {EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers} from "@codemirror/view";
import {execute} from "./sparql/sparql_client.js";
import {Completion} from "./sparql/completion.js";
import {el} from "./sparql/dom.js";
import {Examples} from "./sparql/examples.js";
import {format} from "./sparql/formatter.js";
import {HistoryDrawer} from "./sparql/history.js";
import {Meanings} from "./sparql/hover.js";
import {highlightTheme} from "./sparql/language.js";
import {diagnostics, wordAt} from "./sparql/linter.js";
import {Location} from "./sparql/location.js";
import {Parameters} from "./sparql/parameters.js";
import {autoDeclarePrefixes} from "./sparql/prefixes.js";
import {Results} from "./sparql/results/results.js";
import {SavedDrawer} from "./sparql/saved.js";
import {endpoint, share} from "./sparql/share.js";
import {SnippetsDrawer} from "./sparql/snippets.js";
import {TabStorage} from "./sparql/tab_storage.js";
import {Tabs} from "./sparql/tabs.js";
import {Toolbar} from "./sparql/toolbar.js";

// Triggers the linter, which otherwise runs only after a change of the text.
const responded = StateEffect.define();

// Replaces a selection by typed text. Chromium itself would add inline styles, which the Content-Security-Policy forbids.
function replaceSelection(event, view) {
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
    this.storage = new TabStorage();
    this.completion = new Completion(this.settings);
    this.meanings = new Meanings(this.settings, this.completion);
    this.results = new Results(this.querySelector(".results"), this.settings, () => this.#turtle());
    this.location = new Location(this.settings, (query, ran) => this.#revisit(query, ran));
    const requested = this.location.query ?? (this.settings.given ? this.area.value : null);
    if (requested !== null || !this.storage.tab) this.storage.open(requested ?? this.area.value);
    this.#mount();
    this.history = new HistoryDrawer(this.storage, (query) => this.open(query));
    this.saved = new SavedDrawer(this.storage, () => this.query, (query) => this.open(query));
    this.snippets = new SnippetsDrawer();
    this.parameters = new Parameters(this.settings, this.querySelector(".fill"), (query) => this.replace(query));
    this.examples = new Examples(document.querySelector(".examples"), () => this.parameters.examples(), (query) => this.open(query));
    this.tabs = new Tabs(this.storage, this.querySelector(".tabs"), () => this.#showTab(), () => this.view.focus());
    this.toolbar = new Toolbar(this);
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.run(); });
    this.location.start(this.query);
    this.parameters.show(this.query);
    // A prefix that the server did not know may be one that the editor declares.
    const problem = this.settings.problem && !autoDeclarePrefixes(this.query, this.settings.prefixes) && this.settings.problem;
    if (problem) this.#show(this.query, {problem});
    else if (requested !== null) this.run();
    this.toggleAttribute("ready", true);
  }

  get query() { return this.view.state.doc.toString(); }

  open(query) {
    this.storage.open(query);
    this.#showTab();
    this.run();
  }

  // Takes another query into this tab and runs it; undo brings the old one back.
  replace(query) {
    this.view.dispatch({changes: {from: 0, to: this.view.state.doc.length, insert: query}});
    this.run();
  }

  format() {
    const formatted = format(this.query);
    if (formatted !== this.query) this.view.dispatch({changes: {from: 0, to: this.view.state.doc.length, insert: formatted}, selection: {anchor: Math.min(this.view.state.selection.main.head, formatted.length)}});
    this.toolbar.setStatus("Formatted.");
  }

  async explainTerm() {
    const meaning = await this.meanings.at(this.query, this.view.state.selection.main.head);
    this.toolbar.setStatus(meaning ? `${meaning.title} (${meaning.detail})${meaning.text ? `: ${meaning.text}` : ""}` : "No term of the graph here.");
  }

  async run() {
    this.cancel();
    closeCompletion(this.view);
    const change = autoDeclarePrefixes(this.query, this.settings.prefixes);
    if (change) this.view.dispatch({changes: change});
    this.location.visit(this.query);
    this.parameters.show(this.query);
    const query = this.query, running = this.running = new AbortController();
    this.toolbar.busy(true);
    this.lastProblem = null;
    let result;
    try {
      result = await execute(this.settings, query, {labels: true, signal: running.signal});
    } catch (error) {
      if (error.name === "AbortError") return;
      result = {problem: {title: "The server could not be reached", detail: error.message}};
    } finally {
      if (this.running === running) { this.running = null; this.toolbar.busy(false); }
    }
    if (result.triples) await this.completion.vocabulary();
    this.#show(query, result);
    this.#reveal();
  }

  cancel() {
    if (!this.running) return;
    this.running.abort();
    this.running = null;
    this.toolbar.busy(false);
    this.toolbar.setStatus("Cancelled.");
  }

  async download(format) {
    this.toolbar.setStatus(`Downloading ${format.label} …`);
    const {blob, problem} = await execute(this.settings, this.query, {accept: format.type});
    if (problem) return this.#show(this.query, {problem});
    const address = URL.createObjectURL(blob);
    el("a", {href: address, download: `vitk-result.${format.name}`}).click();
    URL.revokeObjectURL(address);
    this.toolbar.setStatus(`Downloaded as ${format.label}.`);
  }

  share() { return share(this.settings, this.query); }

  showCode() { this.snippets.show(endpoint(this.settings), this.query); }

  async #turtle() {
    const {blob, problem} = await execute(this.settings, this.lastQuery, {accept: "text/turtle"});
    return problem ? problem.detail : blob.text();
  }

  // Scrolls the result into view, with the tools and the end of the query above it.
  #reveal() {
    const {top} = this.results.host.getBoundingClientRect();
    if (top > innerHeight * 0.6) scrollBy({top: top - innerHeight * 0.35});
  }

  #revisit(query, ran) {
    this.storage.change(query);
    this.#showTab();
    if (ran) this.run();
  }

  #show(query, result) {
    const {problem, columns, rows, boolean, triples} = result;
    this.lastQuery = query;
    this.lastProblem = problem ? {query, problem} : null;
    if (problem) this.results.problem(problem);
    else if (columns) this.results.solutions(columns, rows, query);
    else if (triples) this.results.graph(triples, this.completion.loaded);
    else this.results.boolean(boolean);
    if (result.hint) this.results.note(result.hint);
    this.toolbar.showOutcome(result);
    this.storage.addToHistory(query, problem ? problem.title : this.toolbar.outcome(result));
    this.view.dispatch({effects: responded.of(null)});
    forceLinting(this.view);
    if (problem?.line && this.query === query) this.view.dispatch({selection: {anchor: wordAt(this.view.state.doc, problem.line, problem.column).from}, scrollIntoView: true});
  }

  #showTab() {
    this.cancel();
    this.view.setState(this.#state(this.storage.tab.query));
    this.results.clear();
    this.parameters.show(this.query);
    this.tabs.show();
    this.toolbar.setStatus("");
  }

  #mount() {
    const host = el("div", {className: "editor"});
    this.area.hidden = true;
    this.querySelector(`label[for=${this.area.id}]`).hidden = true;
    this.area.after(host);
    // In a shadow root CodeMirror adds its styles through adoptedStyleSheets, which the Content-Security-Policy allows.
    const root = host.attachShadow({mode: "open"});
    const parent = root.appendChild(el("div"));
    this.view = new EditorView({parent, root, state: this.#state(this.storage.tab.query)});
  }

  #state(doc) {
    return EditorState.create({doc, extensions: [
      lineNumbers(), history(), drawSelection(), bracketMatching(), closeBrackets(), highlightActiveLine(), EditorView.lineWrapping, highlightTheme,
      autocompletion({override: [this.completion.source], icons: false}),
      this.meanings.tooltip(),
      linter(async (view) => diagnostics(view, this.settings, this.completion.loaded, this.lastProblem), {delay: 500, needsRefresh: (update) => update.transactions.some((one) => one.effects.some((effect) => effect.is(responded)))}),
      EditorView.contentAttributes.of({"aria-label": "SPARQL query"}),
      EditorView.domEventHandlers({beforeinput: replaceSelection}),
      EditorView.updateListener.of((update) => this.#changed(update)),
      keymap.of([{key: "Mod-Enter", run: () => { this.run(); return true; }}, {key: "Shift-Alt-f", run: () => { this.format(); return true; }}, {key: "F2", run: () => { this.explainTerm(); return true; }}, {key: "Tab", run: acceptCompletion}, ...completionKeymap, ...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...lintKeymap]),
    ]});
  }

  #changed(update) {
    if (update.focusChanged && update.view.hasFocus) this.completion.vocabulary();
    // A scrollable list must be reachable by keyboard, and CodeMirror has no option for the list of completions.
    queueMicrotask(() => this.view.root.querySelector(".cm-tooltip-autocomplete > ul")?.setAttribute("tabindex", "0"));
    if (!update.docChanged) return;
    this.storage.change(this.query);
    this.tabs?.rename();
    this.parameters.show(this.query);
    if (this.lastProblem) { this.lastProblem = null; this.results.clear(); this.toolbar.setStatus(""); }
    if (!update.transactions.some((one) => one.isUserEvent("input.type") || one.isUserEvent("input.paste"))) return;
    const change = autoDeclarePrefixes(this.query, this.settings.prefixes);
    if (change) queueMicrotask(() => this.view.dispatch({changes: change}));
  }
}

customElements.define("sparql-editor", SparqlEditor);
