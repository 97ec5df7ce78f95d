// Gradio runs this once for the source panel (gr.HTML's js_on_load).
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { document: id, start, end, sha256, number, kind, block } = button.dataset;
  if (id !== undefined) trigger("select", { document: id, start, end, sha256, number, kind, block });
  else if (button.dataset.documents !== undefined) trigger("clear");
  else if (button.dataset.back !== undefined) footnoted.back();
});

element.addEventListener("keydown", (event) => {
  if (event.key === "Escape") footnoted.back();
});

watch("value", () => {
  // Python says where the reader goes: to the quotation, to the heading, or nowhere (first load).
  const focus = element.querySelector(".source")?.dataset.focus;
  if (!focus) return;
  const target = element.querySelector(focus === "quote" ? "#quote" : "#source-title");
  element.closest("#source")?.scrollTo(0, 0);
  const tall = target.getBoundingClientRect().height > innerHeight / 2;
  target.scrollIntoView({ block: focus === "quote" ? (tall ? "start" : "center") : "nearest" });
  target.focus({ preventScroll: true });
});
