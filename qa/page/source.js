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
  const reply = await fetch(`/api/page?${asked}`);
  if (!drawn.isConnected) return;
  if (!reply.ok) {
    button.parentElement.textContent = (await reply.json()).error;
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
