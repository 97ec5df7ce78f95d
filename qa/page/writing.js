// Gradio runs this once for what tells whether a language model writes (gr.HTML's js_on_load). All
// that is shown is text: names of models come from servers.
const details = element.querySelector("details");
const form = details.querySelector("form");
const line = details.querySelector(".written-by");
const error = form.querySelector(".error");
const found = form.elements.model.closest(".row");
const quotes = form.querySelector("[data-quotes]");
const address = form.elements.address;

const show = ({ model, chosen, may_choose }) => {
  details.hidden = !(model || may_choose);
  details.classList.toggle("told", !may_choose);
  form.hidden = !may_choose;
  line.textContent = model ? `Answers written by ${model}` : "Answers in quotations";
  quotes.hidden = !model;
  if (chosen) address.value = chosen.split("#")[0];
};
const told = async () => {
  const reply = await fetch("/api/writing").catch(() => null); // the page is being left
  if (reply?.ok) show(await reply.json());
};
// What is done with a button, which waits meanwhile.
const doing = async (button, work) => {
  button.disabled = true;
  error.hidden = true;
  try {
    await work();
  } catch (refused) {
    error.textContent = refused.message;
    error.hidden = false;
  } finally {
    button.disabled = false;
  }
};
const chosen = async (name) => show(await (await footnoted.api("writing", { name })).json());

const look = () =>
  doing(form.querySelector("[data-looks]"), async () => {
    found.hidden = true;
    address.value = address.value.trim() || address.placeholder;
    const names = await (await footnoted.api("writing/models", { address: address.value })).json();
    form.elements.model.replaceChildren(...names.map((name) => new Option(name)));
    found.hidden = false;
    form.elements.model.focus();
  });

element.addEventListener("click", ({ target }) => {
  if (target.matches("[data-looks]")) look();
  else if (target.matches("[data-quotes]")) doing(target, () => chosen("").then(() => details.querySelector("summary").focus()));
});
address.addEventListener("input", () => (found.hidden = true)); // these are another server's
form.addEventListener("submit", (event) => {
  event.preventDefault(); // the page stays
  if (found.hidden) look();
  else
    doing(event.submitter ?? form.querySelector("[type=submit]"), async () => {
      await chosen(`${address.value}#${form.elements.model.value}`);
      details.open = false;
      details.querySelector("summary").focus();
    });
});
element.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !details.open) return;
  details.open = false;
  details.querySelector("summary").focus();
});
details.addEventListener("toggle", () => details.open && told()); // another tab may have chosen
told();
