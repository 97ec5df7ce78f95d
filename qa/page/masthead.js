// Gradio runs this once for the masthead (gr.HTML's js_on_load).
element.addEventListener("change", (event) => {
  if (event.target.matches("#collection")) footnoted.choose(event.target.value);
});
// Turn to a collection, or to a conversation, which names its own.
footnoted.choose = (name, conversation = "", left = "") => {
  Object.assign(footnoted, { collection: name, conversation });
  footnoted.address(name, conversation);
  trigger("submit", { name, conversation, left });
};
// Show what has changed in it.
footnoted.again = () => footnoted.choose(footnoted.collection, footnoted.conversation);

watch("value", () => {
  const { name, first } = element.querySelector("header").dataset;
  footnoted.collection = first === undefined ? name : "";
  footnoted.address(footnoted.collection, footnoted.conversation);
  footnoted.turned?.();
});
