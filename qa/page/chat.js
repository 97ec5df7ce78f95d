// Gradio runs this once for the chat (gr.HTML's js_on_load), with `element`, `trigger` and `watch`.
// One listener on the element serves every button, those of later answers too.
const question = () => document.querySelector("#question textarea");
const focusQuestion = () => {
  // On a touch screen, focus would raise the keyboard over the answer.
  if (matchMedia("(pointer: fine)").matches) question()?.focus();
};

const decoded = (coded) =>
  new TextDecoder().decode(Uint8Array.from(atob(coded), (character) => character.charCodeAt(0)));

const copy = async (button, text) => {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Not copied: use Save answer"; // browsers refuse outside https and localhost
  }
  setTimeout(() => (button.textContent = label), 2000);
};

// What a person says of an answer becomes a line of a question set; said again, it is taken back.
const judge = async (judging, verdict, place, quote = "") => {
  await footnoted.api("conversations/judge", {
    id: footnoted.conversation,
    number: Number(judging.dataset.number),
    verdict,
    place,
  });
  for (const button of judging.querySelectorAll("[data-judges]"))
    button.ariaPressed = String(button.dataset.judges === verdict);
  judging.querySelector(".right-words").textContent = quote;
  judging.dataset.is = verdict ?? "";
};
// The answer that words of a source are compared with: that whose footnote is open, else the last.
footnoted.judged = () => {
  const all = [...element.querySelectorAll(".turn")];
  const turn = all.find((one) => one.querySelector("[data-opened]")) ?? all.at(-1);
  const judging = turn?.querySelector(".judging");
  return judging && {
    question: turn.querySelector(".question").firstChild.textContent.trim(),
    as: (place, quote) => judge(judging, "wrong", place, quote),
  };
};

// Without a button, the browser prints all of the conversation.
const print = (turn) => {
  turn.dataset.printed = "";
  window.print();
  delete turn.dataset.printed;
};

const lookUp = async (text) => {
  document.getElementById("tab-look-up-button").click();
  const box = () => document.querySelector("#quotation textarea");
  while (!box()) await new Promise(requestAnimationFrame); // Gradio makes a tab when it is opened
  box().value = text;
  box().dispatchEvent(new Event("input", { bubbles: true }));
  box().focus();
  box().select();
};

// Of a long conversation, the last questions are there; more are shown above them, which stay.
let kept = null;
const showFrom = (first) => {
  kept = element.querySelector(".question").id;
  trigger("clear", { first });
};

const linkTo = (turn) => {
  const url = new URL(location);
  url.hash = turn;
  return url.href;
};

// Gradio is told of what is typed some time after it; this is as it stands.
const write = (text) => {
  question().value = text;
  question().dispatchEvent(new Event("input", { bubbles: true }));
};
const isBusy = () => document.getElementById("ask")?.disabled || Date.now() - sent < JUST_SENT;
footnoted.isBusy = isBusy;
const JUST_SENT = 1000; // milliseconds, if the chat does not show it before
let sent = 0;
// Asked before the page shows what it is about, a question waits for that: what comes of both would
// mix otherwise.
const submit = async (asked) => {
  sent = Date.now();
  footnoted.goesOn?.();
  while (!footnoted.settled || !footnoted.asks) await new Promise((go) => setTimeout(go, 50));
  if (await footnoted.settled()) trigger("submit", { ...asked, ...footnoted.asks() });
  else if (asked.question && !question().value) write(asked.question);
};
footnoted.ask = () => {
  const asked = question().value;
  if (isBusy() || !asked.trim()) return;
  footnoted.asked = asked; // so that it is not lost where nobody is signed in any more
  write("");
  submit({ question: asked });
};
if (footnoted.askedTooSoon) footnoted.ask();
const edit = (text) => {
  write(text);
  question().focus();
  question().setSelectionRange(text.length, text.length);
};

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.document !== undefined) {
    footnoted.open(button, trigger);
  } else if (button.dataset.ask !== undefined) {
    if (isBusy()) return;
    submit({ question: button.dataset.ask, alone: button.dataset.alone !== undefined });
    focusQuestion();
  } else if (button.dataset.files !== undefined) footnoted.files();
  else if (button.dataset.edits !== undefined) edit(button.dataset.edits);
  else if (button.dataset.copies !== undefined) copy(button, decoded(button.dataset.copies));
  else if (button.dataset.links !== undefined) copy(button, linkTo(button.dataset.links));
  else if (button.dataset.judges !== undefined)
    judge(button.parentElement, button.ariaPressed === "true" ? null : button.dataset.judges);
  else if (button.dataset.prints !== undefined) print(button.closest(".turn"));
  else if (button.dataset.earlier !== undefined) showFrom(Number(button.dataset.earlier));
  else if (button.dataset.returns !== undefined) footnoted.choose(footnoted.collection, button.dataset.returns);
  else if (button.dataset.looksUp !== undefined) lookUp(button.dataset.looksUp);
  else if (button.dataset.stops !== undefined) footnoted.api("conversations/stop", { id: button.dataset.stops });
  else if (button.dataset.copy !== undefined)
    copy(button, decoded(button.parentElement.querySelector("a[download]").href.split(",")[1]));
});

document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest?.("#ask, #new");
    if (!button) return;
    event.stopImmediatePropagation();
    if (button.id === "ask") footnoted.ask();
    else {
      footnoted.choose(footnoted.collection, "", footnoted.conversation);
      scrollTo(0, 0); // on a phone, where the chat is above all else
    }
    focusQuestion();
  },
  true,
);

// What a footnote cites is shown beside it while it is pointed at; arrows go from one to the next.
const preview = document.createElement("div");
preview.id = "preview";
preview.setAttribute("aria-hidden", "true"); // a screen reader is told by the footnote's own name
preview.hidden = true;
document.body.append(preview);
const showPreview = (note) => {
  const cited = [...note.closest(".reply").querySelectorAll(".citation")].find(
    (one) => one.querySelector(".number").textContent === note.textContent,
  );
  if (!cited) return;
  const [where, quotation] = [".where", ".short"].map((part) => {
    const line = document.createElement("p");
    line.className = part.slice(1);
    line.textContent = cited.querySelector(part).textContent;
    return line;
  });
  preview.replaceChildren(quotation, where);
  preview.hidden = false;
  const at = note.getBoundingClientRect();
  const { width, height } = preview.getBoundingClientRect();
  preview.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
  preview.style.top = `${at.bottom + height + 8 < innerHeight ? at.bottom + 6 : at.top - height - 6}px`;
};
const hidePreview = () => (preview.hidden = true);
for (const over of ["mouseover", "focusin"])
  element.addEventListener(over, (event) => {
    const note = event.target.closest(".note");
    if (note) showPreview(note);
  });
for (const out of ["mouseout", "focusout", "click"]) element.addEventListener(out, hidePreview);
element.closest("#chat")?.addEventListener("scroll", hidePreview, { passive: true });
element.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const note = event.target.closest(".note");
  if (event.key === "Escape") hidePreview();
  if (!step || !note) return;
  const notes = [...note.closest(".turn").querySelectorAll(".note")];
  event.preventDefault();
  notes[(notes.indexOf(note) + step + notes.length) % notes.length].focus();
});

// What may be asked of documents of one's own is found while nobody asks. It is theirs: text alone.
const SOON = 1000; // milliseconds between two looks whether there is more
const suggested = (question) => {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "quiet", textContent: question });
  button.dataset.ask = question;
  const item = document.createElement("li");
  item.append(button);
  return item;
};
let suggesting = null; // what is being filled; another one ends it
const suggest = async () => {
  const filling = (suggesting = {});
  const welcome = element.querySelector(".welcome[data-suggests]");
  if (!welcome) return;
  const { suggests: collection, generation } = welcome.dataset;
  for (let ready = false; !ready; ) {
    const reply = await fetch(`/api/suggestions?${new URLSearchParams({ collection })}`).catch(() => null);
    const found = reply?.ok && (await reply.json());
    const isShown = welcome.isConnected && welcome.dataset.generation === generation;
    if (!found || !isShown || suggesting !== filling) return;
    const [label, list] = welcome.querySelectorAll("#examples, ul");
    const questions = found.suggestions.map((one) => one.question);
    if (list.textContent !== questions.join("")) list.replaceChildren(...questions.map(suggested));
    label.hidden = list.hidden = !questions.length;
    ready = found.ready;
    if (!ready) await new Promise((go) => setTimeout(go, SOON));
  }
};

// A question that is refused goes back to the box, unless another one is there already: once, and not
// when what refused it goes away because another one is asked.
let refusal = "";
new MutationObserver(() => {
  const { stamp, question: refused } = document.querySelector("#refused [data-question]")?.dataset ?? {};
  if (!stamp || stamp === refusal) return;
  refusal = stamp;
  sent = 0;
  if (!question().value) edit(refused);
}).observe(document.getElementById("refused"), { childList: true, subtree: true, attributes: true });

// A link to another answer of the conversation that is shown loads nothing anew.
addEventListener("hashchange", () => {
  const linked = location.hash && element.querySelector(`#${CSS.escape(location.hash.slice(1))}`);
  if (!linked) return;
  document.getElementById("tab-ask-button").click();
  requestAnimationFrame(() => linked.scrollIntoView({ block: "start" })); // once its panel is shown
});

watch("value", () => {
  sent = 0;
  const last = [...element.querySelectorAll("[data-edits]")].pop()?.dataset.edits;
  if (last === footnoted.asked?.trim()) footnoted.asked = "";
  footnoted.remark();
  footnoted.conversation = element.querySelector(".turns")?.dataset.conversation ?? "";
  footnoted.turned?.();
  footnoted.address(footnoted.collection, footnoted.conversation);
  if (element.querySelector("[data-resumes]")) trigger("input");
  suggest();
  if (kept) {
    for (const folded of element.querySelectorAll("details")) folded.open = false; // see files.js
    const anchor = element.querySelector(`#${kept}`);
    kept = null;
    anchor?.scrollIntoView({ block: "start" });
    return;
  }
  // The newest question goes to the top of the view: an answer is read from its beginning.
  const turns = element.querySelectorAll(".turn");
  const linked = location.hash && element.querySelector(`#${CSS.escape(location.hash.slice(1))}`);
  if (linked && !element.dataset.linked) {
    element.dataset.linked = "yes"; // once, when it is opened
    linked.scrollIntoView({ block: "start" });
    return;
  }
  const number = Number(/^#turn-(\d+)$/.exec(location.hash)?.[1]);
  if (number && element.querySelector("[data-earlier]") && !element.dataset.linked) {
    trigger("clear", { first: Math.max(0, number - 1) });
    return;
  }
  const newest = turns[turns.length - 1];
  if (newest && turns.length > 1) newest.scrollIntoView({ block: "start" });
  else element.closest("#chat")?.scrollTo(0, 0);
});
