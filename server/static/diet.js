// Suggests foods while one is typed into the form of a diet. Without this script the form asks which food was meant.

const WAIT = 120;

function enhance(form) {
  const list = document.createElement("datalist");
  let waiting = 0, asking = null;

  list.id = "foods";
  form.append(list);

  async function ask(input) {
    const text = input.value.trim();
    asking?.abort();
    if (!text) { list.replaceChildren(); return; }
    asking = new AbortController();
    try {
      const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(text)}`, { signal: asking.signal });
      if (!answer.ok || document.activeElement !== input) return;
      list.replaceChildren(...(await answer.json()).map((food) => {
        const option = document.createElement("option");
        option.value = food.value;
        option.label = food.table ? `${food.label} (${food.table})` : food.label;
        return option;
      }));
    } catch (error) {
      if (error.name !== "AbortError") list.replaceChildren();
    }
  }

  for (const input of form.querySelectorAll("input[name=food]")) {
    input.setAttribute("list", list.id);
    input.setAttribute("autocomplete", "off");
    input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, WAIT, input); });
  }
}

document.querySelectorAll("form.diet[data-suggest]").forEach(enhance);
