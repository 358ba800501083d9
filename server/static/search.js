// The search box as a combobox: a list of suggestions below the field, by the ARIA pattern with a list popup.
// Without this script the form searches as any form does.

const WAIT = 90;

function enhance(form) {
  const input = form.querySelector("input[type=search]");
  const list = document.createElement("ul");
  const status = document.createElement("p");
  let options = [], active = -1, waiting = 0, asking = null;

  list.id = `${input.id}-suggestions`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  status.className = "hidden";
  status.setAttribute("role", "status");
  for (const [name, value] of Object.entries({
    role: "combobox", autocomplete: "off", spellcheck: "false",
    "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  })) input.setAttribute(name, value);
  form.append(list, status);

  function choose(index) {
    active = index;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === active)));
    if (active < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", options[active].id);
      options[active].scrollIntoView({ block: "nearest" });
    }
  }

  function close() {
    // An answer still under way would open the list again.
    clearTimeout(waiting);
    asking?.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    choose(-1);
  }

  function show(hits) {
    list.replaceChildren(...hits.map((hit, at) => {
      const option = document.createElement("li");
      const name = document.createElement("span");
      const type = document.createElement("span");
      option.id = `${list.id}-${at}`;
      option.setAttribute("role", "option");
      option.dataset.url = hit.url;
      name.textContent = hit.matched ? `${hit.label} (${hit.matched})` : hit.label;
      type.textContent = hit.type;
      type.className = "hit-type";
      option.append(name, " ", type);
      return option;
    }));
    options = [...list.children];
    choose(-1);
    list.hidden = options.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    status.textContent = options.length ? `${options.length} suggestions` : "No suggestion";
  }

  async function ask() {
    const text = input.value.trim();
    asking?.abort();
    if (!text) { close(); return; }
    asking = new AbortController();
    try {
      const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(text)}`, { signal: asking.signal });
      if (answer.ok && document.activeElement === input) show(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, WAIT); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const open = !list.hidden;
    if (event.key === "ArrowDown" && !open && input.value.trim()) { event.preventDefault(); ask(); }
    else if (event.key === "ArrowDown" && open) { event.preventDefault(); choose((active + 2) % (options.length + 1) - 1); }
    else if (event.key === "ArrowUp" && open) {
      event.preventDefault();
      choose(active < 0 ? options.length - 1 : active - 1);
    } else if (event.key === "Escape") { if (open) event.preventDefault(); close(); }
    else if (event.key === "Enter" && open && active >= 0) {
      event.preventDefault();
      location.assign(options[active].dataset.url);
    }
  });
  // The field must keep the focus, or the list would close before the click arrives.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.url);
  });
}

for (const form of document.querySelectorAll("form.find[data-suggest]")) enhance(form);
