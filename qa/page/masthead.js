// Gradio runs this once for the masthead (gr.HTML's js_on_load).
element.addEventListener("change", (event) => {
  if (event.target.matches("#collection")) footnoted.choose(event.target.value);
});
// Turn to a collection, or to a conversation, which names its own.
const LONGEST_TURN = 30_000; // milliseconds, after which nobody waits for it any more
let visit = 0;
let begun = Date.now();
footnoted.choose = (name, conversation = "", left = "") => {
  Object.assign(footnoted, { collection: name, conversation });
  footnoted.address(name, conversation);
  visit += 1;
  begun = Date.now();
  followed = 0; // what is late of it is not shown any more
  trigger("submit", { name, conversation, left, visit });
};
const header = () => element.querySelector("header");
const isShown = () => header()?.dataset.visit === String(visit);
const isTurning = () => !header() || (!isShown() && Date.now() - begun < LONGEST_TURN);
// Show what has changed in it.
footnoted.again = () => footnoted.choose(footnoted.collection, footnoted.conversation);

// What others change in it is shown some seconds later, where somebody sees the page.
const EVERY = 5000; // milliseconds
const LONGEST = 5000; // after which nobody waits for it any more
let followed = 0;
footnoted.isFollowing = () => Date.now() - followed < LONGEST;
// Until what is on its way is shown, which would take the place of what is done meanwhile.
// Whether it is: what is refused meanwhile is not waited for.
footnoted.settled = async () => {
  const before = footnoted.refusals;
  while (isTurning() || footnoted.isFollowing()) {
    await new Promise((go) => setTimeout(go, 50));
    if (footnoted.refusals !== before) return false;
  }
  return true;
};
// Where no server took what the page is to be about, it is told again, until one does.
let telling;
footnoted.refused = () => {
  clearTimeout(telling);
  if (!isShown()) telling = setTimeout(() => isShown() || footnoted.again(), EVERY);
};
if (footnoted.refusals) footnoted.refused();
const shown = () => ({
  first: (document.querySelector("#files ol")?.start ?? 1) - 1,
  lists: Boolean(document.querySelector("#source .documents")),
  left: document.querySelector("#chat .welcome [data-returns]")?.dataset.returns ?? "",
  welcomes: Boolean(document.querySelector("#chat .welcome")) && !footnoted.isBusy?.(),
  visit,
});
const follow = async () => {
  const name = footnoted.collection;
  if (document.hidden || !isShown() || footnoted.isFollowing()) return;
  const reply = await fetch(`/api/state?${new URLSearchParams({ collection: name })}`).catch(() => null);
  if (!reply || name !== footnoted.collection) return;
  if (reply.status === 404) footnoted.again(); // it was deleted; what there is now is said
  if (!reply.ok) return;
  const { change } = await reply.json();
  const is = header().dataset;
  const isNew = is.name !== (name || is.name) || change !== is.change;
  if (!isNew || name !== footnoted.collection) return;
  followed = Date.now();
  trigger("tick", shown());
};
// A page hears of what is read from the server that it is with. Where that has gone, and another
// answers in its place, nothing more comes: loaded again, the page shows what the other makes of it.
const stay = async () => {
  if (document.hidden || !document.querySelector("#chat .pending")) return;
  const reply = await fetch("/gradio_api/app_id").catch(() => null);
  const { app_id: now } = reply?.ok ? await reply.json().catch(() => ({})) : {};
  if (now !== undefined && now !== window.gradio_config.app_id) location.reload();
};
setInterval(follow, EVERY);
setInterval(stay, EVERY);
document.addEventListener("visibilitychange", follow);

let before = "";
watch("value", () => {
  if (!isShown()) return; // the page was turned elsewhere meanwhile
  const { name, first, change } = header().dataset;
  footnoted.collection = first === undefined ? name : "";
  footnoted.address(footnoted.collection, footnoted.conversation);
  footnoted.turned?.(change !== before);
  before = change;
  setTimeout(() => (followed = 0)); // once all is shown
});
