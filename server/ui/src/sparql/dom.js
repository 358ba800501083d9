// Creates elements without markup in strings.
export function el(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

export function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// A dialog at the side with a heading and a Close button; Escape and a click outside close it too.
export function drawer(title, ...children) {
  const close = el("button", {type: "button", className: "plain", textContent: "Close", click: () => made.close()});
  const heading = el("h2", {textContent: title});
  const made = el("dialog", {className: "drawer", ariaLabel: title}, el("header", {}, heading, close), ...children);
  made.addEventListener("click", (event) => { if (event.target === made) made.close(); });
  document.body.append(made);
  return made;
}
