// Gradio runs this once for the chat (gr.HTML's js_on_load), with `element`, `trigger` and `watch`.
// One listener on the element serves every button, those of later answers too.
const question = () => document.querySelector("#question textarea");
const focusQuestion = () => {
  // On a touch screen, focus would raise the keyboard over the answer.
  if (matchMedia("(pointer: fine)").matches) question()?.focus();
};

const copyAnswer = async (button) => {
  const coded = button.parentElement.querySelector("a[download]").href.split(",")[1];
  const bytes = Uint8Array.from(atob(coded), (character) => character.charCodeAt(0));
  try {
    await navigator.clipboard.writeText(new TextDecoder().decode(bytes));
    button.textContent = "Copied";
  } catch {
    button.textContent = "Not copied: use Save answer"; // browsers refuse outside https and localhost
  }
  setTimeout(() => (button.textContent = "Copy JSON"), 2000);
};

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.document !== undefined) {
    footnoted.open(button, trigger);
  } else if (button.dataset.ask !== undefined) {
    trigger("submit", { question: button.dataset.ask });
    focusQuestion();
  } else if (button.dataset.files !== undefined) footnoted.files();
  else if (button.dataset.copy !== undefined) copyAnswer(button);
});

watch("value", () => {
  footnoted.remark();
  // The newest question goes to the top of the view: an answer is read from its beginning.
  const turns = element.querySelectorAll(".turn");
  const newest = turns[turns.length - 1];
  if (newest && turns.length > 1) newest.scrollIntoView({ block: "start" });
  else element.closest("#chat")?.scrollTo(0, 0);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("#ask, #clear")) focusQuestion();
});
