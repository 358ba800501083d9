// The picture of a neighbourhood, made to grow: a button beside each entity fetches what that one is linked to and draws
// it as a further column; a list beside the picture says the same in words.
const NS = "http://www.w3.org/2000/svg";
const NODE = { width: 230, height: 26, step: 36, column: 320, head: 24 };

for (const figure of document.querySelectorAll("figure[data-graph]")) start(figure);

function start(figure) {
  const scroll = figure.querySelector(".scroll");
  scroll.scrollLeft = (scroll.scrollWidth - scroll.clientWidth) / 2;
  const open = document.createElement("button");
  open.type = "button";
  open.textContent = "Explore step by step";
  open.addEventListener("click", () => explore(figure, scroll, open));
  figure.querySelector("figcaption").append(open);
}

async function explore(figure, scroll, open) {
  open.disabled = true;
  const status = Object.assign(document.createElement("p"), { className: "quiet" });
  status.setAttribute("role", "status");
  const list = Object.assign(document.createElement("ol"), { className: "graph-list" });
  list.setAttribute("aria-label", "What the picture shows, as a list");
  const state = { columns: [], scroll, status, list };
  try {
    await expand(state, figure.dataset.graph, 0);
  } catch {
    open.disabled = false;
    open.textContent = "It could not be loaded: try again";
    return;
  }
  open.replaceWith(again(state));
  scroll.after(status, list);
}

function again(state) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Start again" });
  button.addEventListener("click", () => {
    shrink(state, 0);
    state.status.textContent = `Only what ${state.columns[0].entity.label} is linked to is shown.`;
  });
  return button;
}

// Removes all columns to the right of one.
function shrink(state, depth) {
  state.columns.length = depth + 1;
  state.columns[depth].chosen = null;
  draw(state);
}

async function expand(state, address, depth) {
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(response.statusText);
  const entity = await response.json();
  state.columns.length = depth;
  state.columns.push({ entity, chosen: null });
  draw(state);
  const count = entity.groups.reduce((sum, group) => sum + group.nodes.length, 0);
  state.status.textContent = `${entity.label}: ${count} linked entities shown.`;
}

function draw(state) {
  const heights = state.columns.map(({ entity }) => entity.groups.reduce((sum, group) => sum + NODE.head + NODE.step * (group.nodes.length + (group.more ? 1 : 0)), 0));
  const height = Math.max(60, ...heights) + 8;
  const width = NODE.column * (state.columns.length + 1);
  const svg = make("svg", { class: "neighbourhood", viewBox: `-4 -4 ${width} ${height}`, width, height, role: "group", "aria-label": "The neighbourhood, step by step" });
  const first = state.columns[0].entity;
  let from = place(svg, first, 0, height / 2 - 13, null);
  state.columns.forEach((column, depth) => {
    const x = NODE.column * (depth + 1);
    let y = (height - heights[depth]) / 2;
    let next = null;
    for (const group of column.entity.groups) {
      svg.append(make("text", { class: "relation", x: x + 4, y: y + 15 }, (group.incoming ? "← " : "") + group.title));
      y += NODE.head;
      for (const node of group.nodes) {
        svg.prepend(make("path", { d: curve(from, { x, y: y + 13 }), class: node.inferred ? "edge inferred" : "edge" }));
        const isOpen = column.chosen === node.id;
        const end = place(svg, node, x, y, () => (isOpen ? close(state, node, depth) : grow(state, node, depth)), isOpen);
        if (isOpen) next = end;
        y += NODE.step;
      }
      if (group.more) {
        const more = make("a", { href: group.moreUrl });
        more.append(make("text", { class: "more", x: x + 10, y: y + 17 }, `and ${group.more} more`));
        svg.append(more);
        y += NODE.step;
      }
    }
    from = next ?? from;
  });
  state.scroll.replaceChildren(svg);
  // The entity whose links were added last is at the left edge, and these beside it.
  state.scroll.scrollLeft = NODE.column * (state.columns.length - 1);
  state.list.replaceChildren(...state.columns.map(({ entity }) => item(entity)));
}

async function grow(state, node, depth) {
  state.columns[depth].chosen = node.id;
  const address = document.querySelector("figure[data-graph]").dataset.graph.replace(/[^/]*$/, `${encodeURIComponent(node.id)}.json`);
  try {
    await expand(state, address, depth + 1);
    state.scroll.querySelector(`[data-grows="${CSS.escape(node.id)}"]`)?.focus();
  } catch {
    state.status.textContent = `What ${node.label} is linked to could not be loaded.`;
  }
}

function close(state, node, depth) {
  shrink(state, depth);
  state.status.textContent = `What ${node.label} is linked to is not shown any more.`;
  state.scroll.querySelector(`[data-grows="${CSS.escape(node.id)}"]`)?.focus();
}

function place(svg, node, x, y, grows, isOpen) {
  const link = make("a", { href: node.url, class: grows ? "" : "start" });
  const text = node.label.length > 28 ? `${node.label.slice(0, 27)}…` : node.label;
  link.append(make("title", {}, node.label), make("rect", { x, y, width: NODE.width, height: NODE.height, rx: 9 }), make("text", { x: x + 10, y: y + 18 }, text));
  svg.append(link);
  if (grows) {
    const button = make("g", { class: "grow", role: "button", tabindex: 0, "data-grows": node.id, "aria-expanded": String(isOpen), "aria-label": `What ${node.label} is linked to` });
    button.append(make("circle", { cx: x + NODE.width + 18, cy: y + 13, r: 12 }), make("path", { d: `M${x + NODE.width + 12} ${y + 13}h12${isOpen ? "" : "m-6-6v12"}` }));
    button.addEventListener("click", grows);
    button.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      grows();
    });
    svg.append(button);
  }
  return { x: x + NODE.width + (grows ? 30 : 0), y: y + 13 };
}

function item(entity) {
  const entry = document.createElement("li");
  const inner = document.createElement("ul");
  entry.append(link(entity), inner);
  for (const group of entity.groups) {
    const line = document.createElement("li");
    line.append(`${group.title}${group.incoming ? " (from)" : ""}: `);
    group.nodes.forEach((node, place) => line.append(place ? ", " : "", link(node)));
    if (group.more) line.append(" ", link({ url: group.moreUrl, label: `and ${group.more} more` }));
    inner.append(line);
  }
  return entry;
}

function link(node) {
  return Object.assign(document.createElement("a"), { href: node.url, textContent: node.label });
}

function curve(from, to) {
  const bend = (from.x + to.x) / 2;
  return `M${from.x} ${from.y}C${bend} ${from.y} ${bend} ${to.y} ${to.x} ${to.y}`;
}

function make(name, attributes, text) {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) if (value !== "") made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
}
