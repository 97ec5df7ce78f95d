// In the page's head: what the tabs and the source panel share, which is the button whose quotation
// the panel shows, and the way back to it.
window.footnoted = (() => {
  let opened = null;

  const mark = (button) => {
    opened?.removeAttribute("data-opened");
    opened = button?.isConnected ? button : null;
    opened?.setAttribute("data-opened", "");
  };

  const textBox = () => [...document.querySelectorAll("#tabs textarea")].find((box) => box.offsetParent);

  const back = async () => {
    const tab = document.getElementById(`${opened?.closest("[role=tabpanel]")?.id}-button`);
    if (tab?.ariaSelected === "false") {
      tab.click();
      await new Promise(requestAnimationFrame); // until its panel is shown
    }
    const target = opened ?? textBox();
    target?.scrollIntoView({ block: "center" });
    target?.focus({ preventScroll: true });
  };

  // The Files tab, with those that were not read as a whole.
  const files = async () => {
    document.getElementById("tab-files-button").click();
    await new Promise(requestAnimationFrame); // until its panel is shown
    const choice = document.querySelector("#which-files input[value=unreadable]");
    choice?.click();
    choice?.focus();
  };

  // What the page is about stands in its address, which can be kept, sent and reloaded.
  const address = (collection, conversation) => {
    const url = new URL(location);
    for (const [key, value] of Object.entries({ collection, conversation }))
      if (value) url.searchParams.set(key, value);
      else url.searchParams.delete(key);
    history.replaceState(null, "", url);
  };

  const about = () => {
    const given = new URLSearchParams(location.search);
    return { collection: given.get("collection") ?? "", conversation: given.get("conversation") ?? "" };
  };

  return {
    // The browser's own words, "Failed to fetch", say nothing of what to do.
    AWAY: "Footnoted cannot be reached; if it was stopped, start it again, and try once more",
    address,
    back,
    ...about(),
    files,
    refusals: 0, // how often no server took what the page told it
    async open(button, trigger) {
      mark(button);
      const { document: id, start, end, sha256, number, kind } = button.dataset;
      await footnoted.settled();
      trigger("select", { document: id, start, end, sha256, number, kind });
    },
    // Gradio patches new markup into the old, which drops the attribute, or gives it to another.
    remark: () => mark(opened),
    forget: (element) => (!opened?.isConnected || element.contains(opened)) && mark(null),
  };
})();

// Gradio submits a text box on Enter alone.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches(".entry textarea"))
    event.target.closest(".entry").querySelector("button.primary").click();
});

// Gradio's tabs are buttons; a tab list is expected to obey the arrows.
document.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const tab = event.target.closest?.("[role=tab]");
  if (!step || !tab) return;
  const tabs = [...tab.parentElement.querySelectorAll("[role=tab]")];
  const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
  next.click();
  next.focus();
});

// Enter asks what is in the box now; what is typed after it belongs to the next question. The chat,
// which asks, may come a moment later than the box.
document.addEventListener(
  "keydown",
  (event) => {
    if (!event.target.matches?.("#question textarea") || event.key !== "Enter") return;
    if (event.shiftKey || event.isComposing) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (footnoted.ask) footnoted.ask();
    else footnoted.askedTooSoon = true;
  },
  true,
);

// A session that has ended is told where the page is. What was typed is there again after it, as it is
// after every reload: Gradio loads the page anew by itself once a server that was away is back.
(() => {
  const DRAFT = "footnoted-draft";
  const box = () => document.querySelector("#question textarea");
  const who = () => document.querySelector("#masthead header")?.dataset.who;

  const keep = (draft) => {
    try {
      sessionStorage.setItem(DRAFT, JSON.stringify({ who: who(), draft }));
    } catch {} // a browser that keeps nothing
  };
  addEventListener("pagehide", () => box()?.value && who() !== undefined && keep(box().value));

  const tell = () => {
    if (document.getElementById("signed-out")) return;
    const line = document.createElement("p");
    line.id = "signed-out";
    line.setAttribute("role", "alert");
    line.textContent = "You are signed out. What you typed is kept. ";
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Sign in again";
    button.addEventListener("click", () => {
      keep(box()?.value || footnoted.asked || "");
      location.reload(); // which leads to where one signs in, and back
    });
    line.append(button);
    document.body.append(line);
  };

  // What was asked of a server that cannot answer goes back to the box, and a line says so, in
  // whichever tab that was. ``sent`` is what was refused: what was taken before is not given back.
  const refuse = (sent) => {
    footnoted.refusals += 1;
    footnoted.refused?.();
    const { asked } = footnoted;
    if (asked && String(sent).includes(JSON.stringify(asked)) && box() && !box().value) write(asked);
    document.getElementById("away")?.remove();
    const line = document.createElement("p");
    line.id = "away";
    line.setAttribute("role", "alert");
    line.textContent = "The server cannot answer just now. What you typed is kept: try again in a moment.";
    const tab = [...document.querySelectorAll("[role=tabpanel]")].find((one) => one.offsetParent);
    const asking = document.getElementById("before-asking");
    if (!tab || tab.contains(asking)) (asking ?? document.body.lastChild).before(line);
    else (tab.querySelector(":scope > div") ?? tab).prepend(line);
  };

  const write = (text) => {
    box().value = text;
    box().dispatchEvent(new Event("input", { bubbles: true }));
  };

  const AWAY = [502, 503, 504]; // as it says itself, or what stands before it
  // Of any other reply, Gradio would tell once more, in words of its own; of this, nothing.
  const NOTHING_MORE = JSON.stringify({ detail: [] });
  const send = window.fetch;
  window.fetch = async (...request) => {
    const reply = await send(...request);
    const url = new URL(reply.url);
    if (url.origin !== location.origin) return reply;
    if (reply.status === 401) tell();
    if (!url.pathname.endsWith("/queue/join")) return reply;
    if (!AWAY.includes(reply.status)) {
      document.getElementById("away")?.remove();
      return reply;
    }
    refuse(request[1]?.body);
    return new Response(NOTHING_MORE, { status: 422 });
  };

  const kept = sessionStorage.getItem(DRAFT);
  if (!kept) return;
  sessionStorage.removeItem(DRAFT);
  const { who: before, draft } = JSON.parse(kept);
  const put = setInterval(() => {
    if (!box() || who() === undefined) return;
    clearInterval(put);
    if (!draft || who() !== before || box().value) return;
    write(draft);
  }, 100);
})();
