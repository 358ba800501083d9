// A form with the parameters of an example. The query says which example it is and which values it was filled with, in
// comments that the server wrote: "# example: foods-by-form" and "# parameter: form = id:vitamin-k".
import {el} from "./dom.js";

export class Parameters {
  constructor(settings, host, fill) {
    Object.assign(this, {settings, host, fill});
    this.status = el("span", {role: "alert"});
  }

  async show(query) {
    const name = /^# example: (\S+)$/m.exec(query)?.[1], values = new Map([...query.matchAll(/^# parameter: (\w+) = (.*)$/gm)].map(([, name, value]) => [name, value]));
    if (name === this.name && this.host.childElementCount) return this.#set(values);
    this.name = name;
    this.host.replaceChildren();
    this.host.hidden = true;
    if (!name) return;
    const all = await this.examples(), example = all.find((one) => one.name === name);
    if (name !== this.name || !example?.parameters.length) return;
    const fields = example.parameters.map((parameter) => this.#field(parameter));
    this.form = el("form", {className: "parameters", ariaLabel: "Parameters of this example", submit: (event) => { event.preventDefault(); this.#send(example); }}, ...fields, el("button", {className: "plain", textContent: "Use these values"}), this.status);
    this.host.replaceChildren(this.form);
    this.host.hidden = false;
    this.#set(values);
  }

  // Loads the examples on first use; if that fails, the next use tries again.
  async examples() {
    this.loading ??= fetch(this.settings.examples).then((response) => (response.ok ? response.json() : []));
    try {
      return await this.loading;
    } catch {
      this.loading = null;
      return [];
    }
  }

  #field({name, choices, required, description}) {
    const id = `parameter-${name}`, label = el("label", {htmlFor: id, textContent: description ? `${name} (${description})` : name});
    if (choices.length) return el("span", {}, label, el("select", {id, name}, ...choices.map((one) => el("option", {textContent: one}))));
    return el("span", {}, label, el("input", {id, name, required, autocomplete: "off"}));
  }

  #set(values) {
    for (const field of this.form.querySelectorAll("[name]")) field.value = values.get(field.name) ?? "";
    this.status.textContent = "";
  }

  async #send(example) {
    const address = new URL(this.settings.fill, location.href);
    address.searchParams.set("example", example.name);
    for (const [name, value] of new FormData(this.form)) if (value.trim()) address.searchParams.set(name, value.trim());
    let document;
    try {
      document = await (await fetch(address, {headers: {Accept: "application/json"}})).json();
    } catch {
      document = {detail: "The server could not be reached."};
    }
    if (document.query) this.fill(document.query);
    else this.status.textContent = document.detail;
  }
}
