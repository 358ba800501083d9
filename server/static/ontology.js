// A box that narrows the trees of terms to those whose label, name or definition has all the words typed.
const place = document.querySelector("[data-terms]");
const items = [...document.querySelectorAll(".term-tree li")];
const own = new Map(items.map((item) => [item, textOf(item)]));
const label = Object.assign(document.createElement("label"), { textContent: "Filter the terms " });
const box = Object.assign(document.createElement("input"), { type: "search", autocomplete: "off" });
const status = Object.assign(document.createElement("span"), { className: "quiet" });
status.setAttribute("role", "status");
label.append(box);
place.append(label, status);
box.addEventListener("input", filter);

function textOf(item) {
  const parts = [...item.children].filter((part) => part.tagName !== "DETAILS");
  return parts.map((part) => part.textContent).join(" ").toLowerCase();
}

function filter() {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = new Set(items.filter((item) => words.every((word) => own.get(item).includes(word))));
  for (const item of items) {
    const below = [...item.querySelectorAll("li")].some((other) => found.has(other));
    item.hidden = !found.has(item) && !below;
    const details = item.querySelector(":scope > details");
    if (details) details.open = words.length > 0 && below;
  }
  status.textContent = words.length ? `${found.size} of ${items.length} terms` : "";
}
