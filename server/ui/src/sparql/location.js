// The address of the page follows the query that was run, and the back button leads to the queries before it.
import {pageAddress} from "./share.js";

export class Location {
  // `revisit` takes a query from the history of the browser, and whether it had been run.
  constructor(settings, revisit) {
    this.settings = settings;
    addEventListener("popstate", ({state}) => { if (typeof state?.query === "string") revisit(state.query, state.ran); else location.reload(); });
  }

  // The query in the fragment of the address, or null.
  get query() { return new URLSearchParams(location.hash.slice(1)).get("query"); }

  // Notes the query that the page opened with.
  start(query) {
    if (history.state?.query === undefined) history.replaceState({query, ran: false}, "");
  }

  // Names a query in the address when it is run.
  visit(query) {
    if (history.state?.query === query) history.replaceState({query, ran: true}, "", pageAddress(this.settings, query));
    else history.pushState({query, ran: true}, "", pageAddress(this.settings, query));
  }
}
