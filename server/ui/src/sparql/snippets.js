// Code that runs a query from a program: curl, Python, R and JavaScript, without packages beyond those they come with.
import {drawer, el} from "./dom.js";
import {queryForm} from "./tokens.js";

const heredoc = (query) => {
  let mark = "SPARQL";
  while (query.split("\n").includes(mark)) mark += "_";
  return mark;
};
const rawR = (query) => {
  let dashes = "";
  while (query.includes(`]${dashes}"`)) dashes += "-";
  return `r"${dashes}[${query}]${dashes}"`;
};
const python = (query) => `"""\\\n${query.replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"')}\n"""`;
const javascript = (query) => `\`${query.replace(/[\\`]|\$\{/g, "\\$&")}\``;
const shell = (text) => `'${text.replaceAll("'", "'\\''")}'`;

// By name of the language. `address` is the absolute URL of the endpoint.
export function snippets(address, text) {
  const form = queryForm(text), isGraph = form === "CONSTRUCT" || form === "DESCRIBE", isAsk = form === "ASK";
  const query = text.replaceAll("\r", "").trimEnd(), type = isGraph ? "text/turtle" : "text/csv", url = JSON.stringify(address), mark = heredoc(query);
  const json = isGraph ? type : "application/sparql-results+json";
  const post = `{method: "POST", headers: {Accept: "${json}", "Content-Type": "application/sparql-query"}, body: query}`;
  return {
    curl: `curl --fail --silent --show-error --header 'Accept: ${type}' --header 'Content-Type: application/sparql-query' \\\n  --data-binary @- ${shell(address)} <<'${mark}'\n${query}\n${mark}\n`,
    Python: [
      ...isGraph ? [] : ["import json"], "from urllib.request import Request, urlopen", "",
      `query = ${python(query)}`,
      `headers = {"Accept": "${json}", "Content-Type": "application/sparql-query"}`,
      `with urlopen(Request(${url}, query.encode(), headers)) as response:`,
      ...isGraph ? ["    print(response.read().decode())"] : ["    result = json.load(response)",
        ...isAsk ? ['print(result["boolean"])'] : ['for row in result["results"]["bindings"]:', '    print({name: cell["value"] for name, cell in row.items()})']], "",
    ].join("\n"),
    R: [
      `query <- ${rawR(query)}`,
      `address <- paste0(${url}, "${address.includes("?") ? "&" : "?"}query=", URLencode(query, reserved = TRUE))`,
      ...isGraph || isAsk ? [`cat(readLines(url(address, headers = c(Accept = "${type}")), encoding = "UTF-8"), sep = "\\n")`]
        : [`rows <- read.csv(url(address, headers = c(Accept = "${type}")), encoding = "UTF-8")`, "head(rows)"], "",
    ].join("\n"),
    JavaScript: [
      `const query = ${javascript(query)};`,
      `const response = await fetch(${url}, ${post});`,
      "if (!response.ok) throw new Error(await response.text());",
      ...isGraph ? ["console.log(await response.text());"] : isAsk ? ["console.log((await response.json()).boolean);"] : ["const {results} = await response.json();", "for (const row of results.bindings) console.log(row);"], "",
    ].join("\n"),
  };
}

export class SnippetsDrawer {
  constructor() {
    this.body = el("div");
    this.dialog = drawer("Code", el("p", {className: "quiet", textContent: "Runs this query from a program."}), this.body);
  }

  show(address, query) {
    this.body.replaceChildren(...Object.entries(snippets(address, query)).map(([name, code]) => {
      const done = el("span", {role: "status", className: "quiet"});
      const copy = el("button", {type: "button", className: "plain", textContent: "Copy", ariaLabel: `Copy the code in ${name}`, click: () => navigator.clipboard.writeText(code).then(() => { done.textContent = "Copied."; }, () => { done.textContent = "Select the code and copy it."; })});
      return el("section", {className: "snippet", ariaLabel: name}, el("h3", {textContent: name}), copy, done, el("pre", {tabIndex: 0, role: "region", ariaLabel: `Code in ${name}`, textContent: code}));
    }));
    this.dialog.showModal();
  }
}
