// Gradio runs this once for which documents are asked (gr.HTML's js_on_load). All that is shown is
// text: titles come from documents.
const KEPT = "footnoted-choice";
const PAUSE = 250; // milliseconds without a key, after which what is typed is looked at
const details = element.querySelector("details");
const [line, find, choices, facts] = [".asked-of", "[type=search]", ".choices", ".facts"].map((part) =>
  details.querySelector(part),
);
const error = element.querySelector(".error");
const days = [...details.querySelectorAll(".days input")];

// The documents by their ids, with their titles; none for all of them.
const all = () => ({ documents: new Map(), since: "", until: "" });
const ofNothing = () => ({ collection: footnoted.collection, conversation: "", ...all() });
const restored = () => {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT));
    return { ...kept, documents: new Map(kept.documents) };
  } catch {
    return ofNothing(); // nothing is kept, or nothing of ours
  }
};
let chosen = restored();
let asked = ""; // what the last question was asked of
let isTold = false;

const keep = () => {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ ...chosen, documents: [...chosen.documents] }));
  } catch {} // a browser that keeps nothing
};
const sent = () => {
  const { documents, since, until } = chosen;
  return { documents: [...documents.keys()], since: since.trim(), until: until.trim() };
};
// What is sent with a question.
footnoted.asks = () => {
  asked = JSON.stringify(sent());
  return sent();
};

const counted = (number) => `${number.toLocaleString("en")} ${number === 1 ? "document" : "documents"}`;
const said = ({ documents, of, undated }) => {
  const { documents: ids, since, until } = sent();
  if (!ids.length && !since && !until) return of === 1 ? "Asking the one document" : `Asking all ${counted(of)}`;
  const parts = [`Asking ${documents.toLocaleString("en")} of ${counted(of)}`];
  if (since) parts.push(`since ${since}`);
  if (until) parts.push(`until ${until}`);
  if (ids.length === 1 && documents === 1) parts.push(chosen.documents.get(ids[0]));
  if (undated) parts.push(`${undated.toLocaleString("en")} of no known date left out`);
  return parts.join(", ");
};

let tells = 0;
const tell = async () => {
  const number = ++tells;
  isTold = true;
  let text = "What is chosen cannot be asked";
  let why = "";
  try {
    const scope = await (await footnoted.api("within", { collection: footnoted.collection, ...sent() })).json();
    text = said(scope);
    if (number === tells) details.hidden = !scope.of;
  } catch (refused) {
    why = refused.message;
  }
  if (number !== tells) return;
  if (line.textContent !== text) line.textContent = text;
  error.textContent = why;
  error.hidden = !why;
};

const choice = ({ id, title, publisher, date }) => {
  const item = document.createElement("li");
  const label = document.createElement("label");
  const box = document.createElement("input");
  Object.assign(box, { type: "checkbox", checked: chosen.documents.has(id) });
  Object.assign(box.dataset, { id, title });
  const name = document.createElement("span");
  Object.assign(name, { className: "where", dir: "auto", textContent: title });
  const byline = document.createElement("span");
  byline.className = "byline";
  for (const known of [publisher, date, id].filter(Boolean)) {
    const part = document.createElement("bdi");
    part.textContent = known;
    byline.append(part);
  }
  label.append(box, name, byline);
  item.append(label);
  return item;
};

let lists = 0;
const list = async () => {
  if (!details.open) return;
  const number = ++lists;
  const most = Number(details.dataset.most);
  const words = find.value.trim();
  const wanted = new URLSearchParams({ collection: footnoted.collection, words, most });
  const reply = await fetch(`/api/documents?${wanted}`).catch(() => null); // the page is being left
  if (number !== lists || !reply?.ok) return;
  const found = await reply.json();
  const total = Number(reply.headers.get("x-found"));
  const ids = new Set(found.map(({ id }) => id));
  const others = words ? [] : [...chosen.documents].filter(([id]) => !ids.has(id));
  const rank = ({ id }) => (chosen.documents.has(id) ? 0 : 1); // those that are chosen, first
  const shown = [...others.map(([id, title]) => ({ id, title })), ...found]
    .sort((one, other) => rank(one) - rank(other))
    .slice(0, Math.max(most, chosen.documents.size));
  facts.textContent = !total
    ? "No such documents."
    : total > found.length
      ? `${found.length} of ${counted(total)} shown; others are found by their words.`
      : "";
  const focused = document.activeElement?.dataset.id;
  choices.replaceChildren(...shown.map(choice));
  if (focused !== undefined)
    [...choices.querySelectorAll("input")].find((box) => box.dataset.id === focused)?.focus({ preventScroll: true });
};

const show = () => {
  for (const day of days) day.value = chosen[day.name];
  for (const box of choices.querySelectorAll("input")) box.checked = chosen.documents.has(box.dataset.id);
  tell();
};
const change = (made) => {
  Object.assign(chosen, made);
  keep();
  show();
};
// The page is about a conversation, or about none yet: what its last question was asked of is asked
// further. `areOthers`: the documents have changed. Once a conversation has begun here, what was chosen meanwhile is as well.
footnoted.turned = (areOthers = false) =>
  setTimeout(() => {
    // By now, the masthead tells of which collection; a chat that is to follow calls again.
    const { conversation, choice } = document.querySelector("#chat .turns").dataset;
    if (conversation && conversation !== footnoted.conversation) return;
    const last = JSON.parse(choice);
    let isOther = areOthers || !isTold;
    if (chosen.collection !== footnoted.collection) {
      chosen = ofNothing();
      isOther = true;
    }
    if (conversation !== chosen.conversation) {
      const isBegun = !chosen.conversation && JSON.stringify(last) === asked;
      chosen.conversation = conversation;
      if (conversation && !isBegun) {
        const titles = chosen.documents;
        const { documents, since, until } = last;
        Object.assign(chosen, { documents: new Map(documents.map((id) => [id, titles.get(id) ?? id])), since, until });
        isOther = true;
      }
    }
    keep();
    if (!isOther) return;
    show();
    list();
  });

let typing;
const soon = (work) => {
  clearTimeout(typing);
  typing = setTimeout(work, PAUSE);
};
element.addEventListener("input", ({ target }) => {
  if (target === find) soon(list);
  else if (days.includes(target)) {
    chosen[target.name] = target.value;
    keep();
    soon(tell);
  }
});
element.addEventListener("change", ({ target }) => {
  if (target.type !== "checkbox") return;
  const { id, title } = target.dataset;
  if (target.checked) chosen.documents.set(id, title);
  else chosen.documents.delete(id);
  keep();
  tell();
});
details.addEventListener("toggle", () => details.open && list());
element.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !details.open) return;
  details.open = false;
  details.querySelector("summary").focus();
});
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-asks-all], [data-asks-alone]");
  if (!button) return;
  const { asksAlone, title } = button.dataset;
  if (asksAlone === undefined) {
    change(all());
    return;
  }
  change({ ...all(), documents: new Map([[asksAlone, title]]) });
  list();
  document.getElementById("tab-ask-button").click();
  await new Promise(requestAnimationFrame); // until its panel is shown
  const question = document.querySelector("#question textarea");
  question.scrollIntoView({ block: "nearest" });
  question.focus({ preventScroll: true });
});
