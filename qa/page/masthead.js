// Gradio runs this once for the masthead (gr.HTML's js_on_load).
element.addEventListener("change", (event) => {
  if (event.target.matches("#collection")) trigger("submit", { name: event.target.value });
});
