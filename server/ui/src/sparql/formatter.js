// Formats a query: a line for each clause, triple and filter, indented by groups, keywords in capitals. It changes only
// white space and the case of keywords, and adds white space only at braces: comments, strings and names survive even
// where the tokenizer misreads the text.
import {tokenize} from "./tokens.js";

const WIDTH = 110, INDENT = "  ", LONG_HEAD = 60;
const setOf = (text) => new Set(text.split(" "));
const KEYWORDS = setOf(
  "BASE PREFIX SELECT DISTINCT REDUCED CONSTRUCT ASK DESCRIBE FROM NAMED WHERE ORDER GROUP HAVING BY ASC DESC LIMIT OFFSET OPTIONAL " +
  "UNION MINUS GRAPH SERVICE SILENT FILTER BIND VALUES UNDEF NOT EXISTS IN AS COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT SEPARATOR",
);
const STARTS_LINE = setOf("BASE PREFIX SELECT CONSTRUCT ASK DESCRIBE FROM ORDER GROUP HAVING LIMIT OFFSET OPTIONAL MINUS GRAPH SERVICE FILTER BIND VALUES");
const BEFORE_KEYWORD = setOf("( ) { } !");

export function format(text) {
  const writer = new Writer();
  let end = 0;
  tokenize(text, {comments: true}).forEach((token, i, all) => {
    const next = all[i + 1];
    writer.add(token, text.slice(end, token.from), next?.from === token.to ? next.text : "");
    end = token.to;
  });
  return writer.text();
}

class Writer {
  #lines = [];
  #line = "";
  #last = null;
  #depth = 0; // of braces
  #inside = 0; // of parentheses and brackets
  #continued = false; // after a semicolon
  #data = null; // of VALUES: "head" before its brace, "body" after it

  // Adds a token; `gap` is the white space before it, `adjacent` the token that follows without any.
  add(token, gap, adjacent) {
    const {text} = token, keyword = this.#keyword(token, gap, adjacent);
    if (text === "}") { this.#depth--; this.#continued = false; }
    if (this.#breaks(token, keyword, gap)) {
      if (STARTS_LINE.has(keyword) || [".", "{"].includes(this.#last?.text)) this.#continued = false;
      this.#end(/\n[^\S\n]*\n/.test(gap) && text !== "}");
      this.#line = INDENT.repeat(Math.max(0, this.#depth + (this.#continued ? 1 : 0)));
    } else if (gap && token.kind !== "comment" && this.#width() + text.length > WIDTH) {
      this.#end(false);
      this.#line = INDENT.repeat(Math.max(0, this.#depth) + 2);
    } else if (gap) this.#line += " ";
    this.#line += keyword || text;
    this.#follow(token, keyword);
    this.#last = token;
  }

  text() {
    this.#end(false);
    return this.#lines.length ? `${this.#lines.join("\n")}\n` : "";
  }

  #keyword({kind, text}, gap, adjacent) {
    const upper = text.toUpperCase();
    const separate = gap || !this.#last || BEFORE_KEYWORD.has(this.#last.text);
    return kind === "word" && KEYWORDS.has(upper) && separate && !/^[\\:-]/.test(adjacent) ? upper : "";
  }

  #breaks({kind, text}, keyword, gap) {
    const last = this.#last?.text;
    if (!this.#last) return false;
    if (this.#last.kind === "comment") return true;
    if (kind === "comment") return gap.includes("\n");
    if (this.#data === "body") return (text === "(" && (last === "{" || last === ")")) || (text === "}" && last === ")");
    if (this.#inside) return false;
    if (text === "}" || last === "{") return !(text === "}" && last === "{");
    if (last === "}") return !(keyword === "UNION" || text === "." || (gap === "" && text !== "}"));
    if (!gap) return false;
    if (last === "." || last === ";") return true;
    if (keyword === "WHERE") return this.#width() > LONG_HEAD;
    return STARTS_LINE.has(keyword);
  }

  #follow({text}, keyword) {
    if (keyword === "VALUES") this.#data = "head";
    if (text === "{") {
      this.#depth++;
      this.#continued = false;
      if (this.#data) this.#data = "body";
    } else if (text === "}") this.#data = null;
    else if (text === "(" || text === "[") this.#inside++;
    else if (text === ")" || text === "]") this.#inside = Math.max(0, this.#inside - 1);
    else if (text === ";" && !this.#inside) this.#continued = true;
    else if (text === "." && !this.#inside) this.#continued = false;
  }

  #width() {
    return this.#line.length - 1 - this.#line.lastIndexOf("\n");
  }

  #end(blank) {
    // Only the text of a comment can end in white space; that of a string ends in a quote.
    if (this.#line.trim()) this.#lines.push(this.#line);
    if (blank && this.#lines.length) this.#lines.push("");
    this.#line = "";
  }
}
