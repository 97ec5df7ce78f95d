// Gradio runs this once for the evaluation (gr.HTML's js_on_load): its quotations open in the source.
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-document]");
  if (button) footnoted.open(button, trigger);
});

watch("value", () => footnoted.forget(element));
