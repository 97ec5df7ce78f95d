// Gradio runs this once for the list of conversations (gr.HTML's js_on_load).
const changed = () => trigger("submit");

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { conversation, collection, retitles, forgets, title } = button.dataset;
  if (conversation !== undefined) {
    document.getElementById("tab-ask-button").click();
    footnoted.choose(collection, conversation);
  } else if (retitles !== undefined)
    footnoted.askFor({
      title: "Rename this conversation",
      value: title,
      label: "Rename",
      go: async (name) => {
        await footnoted.api("conversations/rename", { id: retitles, title: name });
        changed();
      },
    });
  else if (forgets !== undefined)
    footnoted.askFor({
      title: `Delete “${title}”?`,
      about: "It is deleted for good, with its answers.",
      label: "Delete for good",
      go: async () => {
        await footnoted.api("conversations/remove", { id: forgets });
        if (new URLSearchParams(location.search).get("conversation") === forgets)
          footnoted.choose(footnoted.collection);
        changed();
      },
    });
});
