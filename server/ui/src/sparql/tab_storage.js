// Stores tabs, history and saved queries in this browser only. If the browser refuses storage, they last as long as the page.

// The title of a query: its first comment, or "".
export const queryTitle = (query) => /^#\s*(?:title:)?\s*(\S.*)$/m.exec(query)?.[1] ?? "";

const KEY = "vitk.sparql", MAX_HISTORY = 60, MAX_TABS = 20;

export class TabStorage {
  constructor() {
    this.state = {tabs: [], active: 0, history: [], saved: []};
    try {
      const stored = JSON.parse(localStorage.getItem(KEY));
      if (Array.isArray(stored?.tabs) && Array.isArray(stored.history)) this.state = {active: 0, saved: [], ...stored};
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof DOMException)) throw error;
    }
  }

  get tab() { return this.state.tabs[this.state.active]; }

  // Selects the tab that has this query, or opens a new one.
  open(query) {
    const same = this.state.tabs.findIndex((tab) => tab.query.trim() === query.trim());
    if (same < 0) this.state.tabs.push({query});
    if (this.state.tabs.length > MAX_TABS) this.state.tabs.shift();
    this.state.active = same < 0 ? this.state.tabs.length - 1 : same;
    this.save();
  }

  select(number) {
    this.state.active = number;
    this.save();
  }

  close() {
    this.state.tabs.splice(this.state.active, 1);
    this.state.active = Math.max(0, this.state.active - 1);
    this.save();
  }

  change(query) {
    this.tab.query = query;
    this.save();
  }

  addToHistory(query, outcome) {
    const others = this.state.history.filter((one) => one.query !== query);
    this.state.history = [{query, outcome, when: new Date().toISOString()}, ...others].slice(0, MAX_HISTORY);
    this.save();
  }

  clearHistory() {
    this.state.history = [];
    this.save();
  }

  // Saves a query under a name; true if another query had it.
  saveQuery(name, query) {
    const others = this.state.saved.filter((one) => one.name !== name), replaced = others.length < this.state.saved.length;
    this.state.saved = [...others, {name, query}].sort((a, b) => a.name.localeCompare(b.name, "en", {numeric: true}));
    this.save();
    return replaced;
  }

  removeQuery(name) {
    this.state.saved = this.state.saved.filter((one) => one.name !== name);
    this.save();
  }

  save() {
    try {
      localStorage.setItem(KEY, JSON.stringify(this.state));
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
    }
  }
}
