// Gradio runs this once for the source panel (gr.HTML's js_on_load).
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { document: id, start, end, sha256, number, kind, block } = button.dataset;
  if (id !== undefined) trigger("select", { document: id, start, end, sha256, number, kind, block });
  else if (button.dataset.documents !== undefined) trigger("clear");
  else if (button.dataset.back !== undefined) footnoted.back();
  else if (button.dataset.drawing !== undefined) {
    keepDrawing(button.getAttribute("aria-expanded") === "false");
    draw();
  }
});

// The page as it is printed stands above the text, unless it was folded away before.
const keepDrawing = (wanted) => {
  try {
    localStorage.setItem("footnoted-drawing", wanted ? "shown" : "folded");
  } catch {} // a browser that keeps nothing
};
const isDrawingWanted = () => {
  try {
    return localStorage.getItem("footnoted-drawing") !== "folded";
  } catch {
    return true;
  }
};
const draw = async () => {
  const drawn = element.querySelector(".drawn");
  if (!drawn) return;
  const button = element.querySelector("[data-drawing]");
  const wanted = isDrawingWanted();
  button.setAttribute("aria-expanded", String(wanted));
  button.textContent = wanted ? "Hide the page" : "Show the page as printed";
  if (!wanted) {
    drawn.hidden = true;
    return;
  }
  const { draws, start, end } = drawn.dataset;
  const asked = new URLSearchParams({ collection: footnoted.collection, document: draws, start, end });
  const reply = await fetch(`/api/page?${asked}`).catch(() => null);
  if (!drawn.isConnected) return;
  if (!reply?.ok) {
    button.parentElement.textContent = reply ? (await reply.json()).error : footnoted.AWAY;
    return;
  }
  const image = drawn.querySelector("img");
  const top = Number(reply.headers.get("x-mark-top"));
  const bottom = Number(reply.headers.get("x-mark-bottom"));
  const url = URL.createObjectURL(await reply.blob());
  image.onload = () => {
    URL.revokeObjectURL(url);
    drawn.hidden = false;
    const middle = ((top + bottom) / 2) * image.clientHeight;
    drawn.scrollTo(0, bottom ? middle - drawn.clientHeight / 2 : 0);
    toTarget();
  };
  image.src = url;
};

element.addEventListener("keydown", (event) => {
  if (event.key === "Escape") footnoted.back();
});

// Words that are selected may be said to be the right answer. Places count characters, not the units
// of UTF-16 that scripts count.
const length = (text) => [...text].length;
const selected = () => {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const pieces = [];
  for (const run of element.querySelectorAll("#document-text [data-at]")) {
    if (!range.intersectsNode(run)) continue;
    const within = document.createRange();
    within.selectNodeContents(run);
    const before = within.cloneRange();
    if (range.compareBoundaryPoints(Range.START_TO_START, within) > 0)
      within.setStart(range.startContainer, range.startOffset);
    if (range.compareBoundaryPoints(Range.END_TO_END, within) < 0)
      within.setEnd(range.endContainer, range.endOffset);
    before.setEnd(within.startContainer, within.startOffset);
    const start = Number(run.dataset.at) + length(before.toString());
    if (!within.collapsed) pieces.push({ start, end: start + length(within.toString()) });
  }
  if (!pieces.length) return null;
  return { start: pieces[0].start, end: pieces.at(-1).end, box: range.getBoundingClientRect(), text: `${selection}` };
};
const right = document.createElement("button");
right.type = "button";
right.id = "right-words";
right.hidden = true;
document.body.append(right);
const offer = () => {
  const words = selected();
  const judged = words && footnoted.judged?.();
  right.hidden = !judged;
  if (!judged) return;
  right.textContent = `This answers “${judged.question}”`;
  right.onclick = async () => {
    const { start, end, text } = words;
    try {
      await judged.as({ document: element.querySelector("#document-text").dataset.of, start, end }, text.trim());
      getSelection().removeAllRanges();
      right.textContent = "Kept for an evaluation";
      setTimeout(() => (right.hidden = true), 2000);
    } catch (error) {
      right.textContent = error.message;
    }
  };
  const { width, height } = right.getBoundingClientRect();
  const below = Math.min(words.box.bottom + 8, innerHeight - height - 8);
  right.style.left = `${Math.max(8, Math.min(words.box.left, innerWidth - width - 8))}px`;
  right.style.top = `${Math.max(8, below)}px`;
};
for (const done of ["pointerup", "keyup"]) document.addEventListener(done, () => setTimeout(offer));
element.closest("#source")?.addEventListener("scroll", () => (right.hidden = true), { passive: true });

// Python says where the reader goes: to the quotation, to the heading, or nowhere (first load).
const toTarget = () => {
  const focus = element.querySelector(".source")?.dataset.focus;
  if (!focus) return;
  const target = element.querySelector(focus === "quote" ? "#quote" : "#source-title");
  element.closest("#source")?.scrollTo(0, 0);
  const tall = target.getBoundingClientRect().height > innerHeight / 2;
  target.scrollIntoView({ block: focus === "quote" ? (tall ? "start" : "center") : "nearest" });
  target.focus({ preventScroll: true });
};

watch("value", () => {
  toTarget();
  draw();
});
