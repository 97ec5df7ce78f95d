// Gradio runs this once for the masthead (gr.HTML's js_on_load).
element.addEventListener("change", (event) => {
  if (event.target.matches("#collection")) footnoted.choose(event.target.value);
});
// Turn to a collection, or show anew what has changed in it.
footnoted.choose = (name) => trigger("submit", { name });
