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

let opened = null; // the footnote whose quotation the source shows; a new answer keeps the element
const markOpened = (button) => {
  opened?.removeAttribute("data-opened");
  opened = button?.isConnected ? button : null;
  opened?.setAttribute("data-opened", "");
};

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.document !== undefined) {
    markOpened(button);
    const { document: id, start, end, sha256, number, kind } = button.dataset;
    trigger("select", { document: id, start, end, sha256, number, kind });
  } else if (button.dataset.ask !== undefined) {
    trigger("submit", { question: button.dataset.ask });
    focusQuestion();
  } else if (button.dataset.copy !== undefined) copyAnswer(button);
});

watch("value", () => {
  markOpened(opened); // Gradio patches the old markup into the new, which does not know of it
  // The newest question goes to the top of the view: an answer is read from its beginning.
  const turns = element.querySelectorAll(".turn");
  const newest = turns[turns.length - 1];
  if (newest && turns.length > 1) newest.scrollIntoView({ block: "start" });
  else element.closest("#chat")?.scrollTo(0, 0);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("#ask, #clear")) focusQuestion();
});
