// Tabs and history, stored in this browser only. Where storage is refused, they last as long as the page.
// What a query is called: its first comment, or "".
export const title_of = (query) => /^#\s*(?:title:)?\s*(\S.*)$/m.exec(query)?.[1] ?? "";

const KEY = "vitk.sparql", MOST_HISTORY = 60, MOST_TABS = 20;

export class Store {
  constructor() {
    this.state = {tabs: [], active: 0, history: []};
    try {
      const stored = JSON.parse(localStorage.getItem(KEY));
      if (Array.isArray(stored?.tabs) && Array.isArray(stored.history)) this.state = {active: 0, ...stored};
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof DOMException)) throw error;
    }
  }

  get tab() { return this.state.tabs[this.state.active]; }

  // Opens a query in the tab that holds it already, else in a new one.
  open(query) {
    const same = this.state.tabs.findIndex((tab) => tab.query.trim() === query.trim());
    if (same < 0) this.state.tabs.push({query});
    if (this.state.tabs.length > MOST_TABS) this.state.tabs.shift();
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

  ran(query, outcome) {
    const others = this.state.history.filter((one) => one.query !== query);
    this.state.history = [{query, outcome, when: new Date().toISOString()}, ...others].slice(0, MOST_HISTORY);
    this.save();
  }

  forget() {
    this.state.history = [];
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
