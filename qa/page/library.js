// Gradio runs this once for what is done with a collection (gr.HTML's js_on_load): who may read it.
const names = (text) => text.split(/[\s,;]+/).filter(Boolean);

element.addEventListener("submit", async (event) => {
  const form = event.target.closest(".sharing");
  if (!form) return;
  event.preventDefault();
  const { readers, named, editors } = form.elements;
  const told = form.querySelector(".told");
  try {
    await footnoted.api("collections/share", {
      name: document.querySelector("#masthead header").dataset.name,
      readers: readers.value === "everyone" ? "everyone" : readers.value === "names" ? names(named.value) : [],
      editors: names(editors.value),
    });
    told.textContent = "Saved.";
    footnoted.again();
  } catch (refused) {
    told.textContent = refused.message;
  }
});
element.addEventListener("input", (event) => {
  if (event.target.name === "named") event.target.form.elements.readers.value = "names";
});
