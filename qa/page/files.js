// Gradio runs this once for the list of files (gr.HTML's js_on_load).
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.document !== undefined) footnoted.open(button, trigger);
  else if (button.dataset.first !== undefined) trigger("submit", { first: Number(button.dataset.first) });
});

// How the list is sorted, and what of, is told with every event that lists the files.
const selects = () => [...element.querySelectorAll(".sorting select")];
const remember = () =>
  (footnoted.sorting = JSON.stringify(Object.fromEntries(selects().map(({ name, value }) => [name, value]))));
element.addEventListener("change", (event) => {
  if (!event.target.matches(".sorting select")) return;
  remember();
  trigger("submit");
});

watch("value", () => {
  // What was chosen since stands, unless there is nothing of it here.
  const chosen = JSON.parse(footnoted.sorting ?? "{}");
  for (const select of selects()) {
    select.value = chosen[select.name] ?? select.dataset.is;
    if (select.selectedIndex < 0) select.value = select.dataset.is;
  }
  remember();
  footnoted.forget(element);
  if (footnoted.isFollowing?.()) return; // others changed something; who reads it goes on reading
  // Gradio patches new markup into the old: what was unfolded there would be unfolded here.
  for (const folded of element.querySelectorAll("details")) folded.open = false;
  element.closest("#files")?.scrollTo(0, 0);
});
