// Gradio runs this once for the places that a look-up found (gr.HTML's js_on_load).
element.addEventListener("click", (event) => {
  // A click on the quotation opens it too; selecting some of its words does not.
  const button = event.target.closest(".match")?.querySelector("button");
  if (button && (event.target.closest("button") || getSelection().isCollapsed)) footnoted.open(button, trigger);
});

watch("value", () => {
  footnoted.forget(element);
  // Gradio patches new markup into the old: what was unfolded there would be unfolded here.
  for (const folded of element.querySelectorAll("details")) folded.open = false;
  element.closest("#places")?.scrollTo(0, 0);
});
