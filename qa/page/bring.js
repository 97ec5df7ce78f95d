// Gradio runs this once for what tells of files that are brought (gr.HTML's js_on_load). All that is
// shown is text: names and reasons come from files.
const told = element.querySelector("#bringing-told");
const dialog = element.querySelector("dialog");

const away = () => {
  throw new Error(footnoted.AWAY);
};
const api = (footnoted.api = async (route, body) => {
  const reply = await fetch(`/api/${route}`, {
    method: "POST",
    ...(body instanceof FormData
      ? { body, headers: { accept: "application/x-ndjson" } }
      : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  }).catch(away);
  if (!reply.ok) throw new Error((await reply.json().catch(away)).error);
  return reply;
});

const collection = () => footnoted.collection ?? "";
const chosen = () => document.querySelector("#masthead header").dataset;

const tell = (text, { kind = "", undo = null, more = [] } = {}) => {
  told.replaceChildren();
  const line = document.createElement("p");
  line.className = kind;
  line.textContent = text;
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = "Undo";
    button.addEventListener("click", undo);
    line.append(" ", button);
  }
  told.append(line);
  for (const text of more) {
    const line = document.createElement("p");
    line.className = "why";
    line.dir = "auto";
    line.textContent = text;
    told.append(line);
  }
};

// Who goes on to something else has seen that all went well.
footnoted.goesOn = () => {
  if (told.querySelector("p.done:only-child:not(:has(button))")) told.replaceChildren();
};
document.addEventListener("click", (event) => event.target.closest?.("[role=tab]") && footnoted.goesOn());

const attempt = async (work) => {
  try {
    return await work();
  } catch (error) {
    tell(error.message || String(error), { kind: "error" });
  }
};

// Ask for a name, or for a yes; `go` may refuse, and its reason stands in the dialog.
const askFor = (footnoted.askFor = ({ title, about = "", value = null, label, secret = false, go }) => {
  const [heading, facts, input, error, actions] = ["h2", ".facts", "input", ".error", ".actions"].map(
    (part) => dialog.querySelector(part),
  );
  heading.textContent = title;
  facts.textContent = about;
  input.hidden = value === null;
  input.type = secret ? "password" : "text";
  input.value = value ?? "";
  error.hidden = true;
  const button = actions.querySelector(".primary");
  button.textContent = label;
  dialog.querySelector("form").onsubmit = async (event) => {
    if (event.submitter?.value === "cancel") return;
    event.preventDefault();
    button.disabled = true;
    try {
      await go(input.value);
      dialog.close();
    } catch (refused) {
      error.textContent = refused.message;
      error.hidden = false;
    } finally {
      button.disabled = false;
    }
  };
  dialog.showModal();
  input.select();
});

// What the server says while it reads, a line of JSON each, and what came of it.
const followed = async (reply) => {
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read().catch(() => ({ done: true }));
    if (done) throw new Error("The connection ended; read again to see what came of it");
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      const { progress, receipt, error } = JSON.parse(line);
      if (error) throw new Error(error);
      if (receipt) return receipt;
      tell(`${progress.what} … ${progress.done} of ${progress.total}`, { kind: "pending" });
    }
  }
};

const summed = (receipt) => {
  const counts = {};
  for (const { change } of receipt.files) counts[change] = (counts[change] ?? 0) + 1;
  const parts = Object.entries(counts).map(([change, count]) => `${count} ${change}`);
  return parts.length ? parts.join(", ") : "nothing has changed";
};

const MOST_TOLD = 8;
const received = (receipt) => {
  const failed = receipt.files.filter((file) => file.failure);
  const more = failed.slice(0, MOST_TOLD).map((file) => `${file.path}: ${file.failure}`);
  if (failed.length > MOST_TOLD) more.push(`and ${failed.length - MOST_TOLD} more`);
  tell(`Done: ${summed(receipt)}.`, { kind: failed.length ? "" : "done", more });
  if (failed.some((file) => /password/.test(file.failure)))
    askFor({
      title: "A password is needed",
      about: "Files that are protected are read with it; it is kept nowhere.",
      value: "",
      label: "Open",
      secret: true,
      go: async (password) => received(await refreshed(password)),
    });
};

const refreshed = async (password = null) => {
  const form = new FormData();
  form.append("collection", collection());
  if (password) form.append("password", password);
  const receipt = await followed(await api("refresh", form));
  footnoted.again();
  return receipt;
};

// The sample is nobody's own: what is brought to it gets a collection of its own.
const ownCollection = async () => {
  if (chosen().sample === undefined) return collection();
  for (let number = 1; ; number++) {
    const name = number === 1 ? "My documents" : `My documents ${number}`;
    try {
      return (await (await api("collections/create", { name })).json()).name;
    } catch (error) {
      if (!/already/.test(error.message)) throw error;
    }
  }
};

const bring = (files) =>
  attempt(async () => {
    if (!files.length) return;
    if (chosen().reads !== undefined) throw new Error("You may read this collection, not change it.");
    // The server would refuse them, too, but a browser that is still sending hears no reason.
    const most = Number(told.dataset.most);
    if (files.reduce((sum, { file }) => sum + file.size, 0) > most * 1e6)
      throw new Error(`These files are more than ${most} MB together; add fewer at once.`);
    document.getElementById("tab-files-button")?.click();
    tell(`Sending ${files.length} ${files.length === 1 ? "file" : "files"} …`, { kind: "pending" });
    const name = await ownCollection();
    const form = new FormData();
    form.append("collection", name);
    for (const { file, path } of files) form.append("files", file, path);
    const receipt = await followed(await api("add", form));
    if (name === collection()) footnoted.again();
    else footnoted.choose(name);
    received(receipt);
  });

const isHidden = (path) => path.split("/").some((part) => part.startsWith("."));
const fromInput = (input) =>
  [...input.files]
    .map((file) => ({ file, path: file.webkitRelativePath || file.name }))
    .filter(({ path }) => input.dataset.bring === "files" || !isHidden(path));

// Of what is dropped, folders with all that is in them.
const entriesOf = async (directory) => {
  const reader = directory.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return found;
    found.push(...some);
  }
};
const filesOf = async (entry) => {
  if (entry.isDirectory) {
    const inside = await entriesOf(entry);
    return (await Promise.all(inside.filter(({ name }) => !name.startsWith(".")).map(filesOf))).flat();
  }
  const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
  return [{ file, path: entry.fullPath.replace(/^\//, "") }];
};
const isDropOfFiles = (event) => event.dataTransfer?.types.includes("Files") && !event.target.closest("#own-set");
document.addEventListener("dragover", (event) => {
  if (!isDropOfFiles(event)) return;
  event.preventDefault();
  document.body.classList.add("dropping");
});
for (const over of ["dragleave", "drop", "dragend"])
  document.addEventListener(over, (event) => {
    if (over !== "dragleave" || !event.relatedTarget) document.body.classList.remove("dropping");
  });
document.addEventListener("drop", (event) => {
  if (!isDropOfFiles(event)) return;
  event.preventDefault();
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
  attempt(async () => bring((await Promise.all(entries.map(filesOf))).flat()));
});

const doing = {
  refresh: () => attempt(async () => received(await refreshed())),
  folder: ({ offered }) =>
    askFor({
      title: "Add a folder of this machine",
      about: `Name it from here on: ${offered}. Its files stay where they are.`,
      value: `${offered.split(", ")[0]}/`,
      label: "Add it",
      go: async (folder) => {
        const form = new FormData();
        form.append("collection", collection());
        form.append("folder", folder);
        const receipt = await followed(await api("add", form));
        footnoted.again();
        received(receipt);
      },
    }),
  create: () =>
    askFor({
      title: "New collection",
      about: "A collection holds documents that are asked together.",
      value: "",
      label: "Make it",
      go: async (name) => {
        const made = await (await api("collections/create", { name })).json();
        footnoted.choose(made.name);
        tell(`${made.name} is empty; add files to it.`);
      },
    }),
  rename: () =>
    askFor({
      title: "Rename this collection",
      value: chosen().name,
      label: "Rename",
      go: async (name) => {
        const reply = await api("collections/rename", { name: chosen().name, new: name });
        footnoted.choose((await reply.json()).name, footnoted.conversation);
      },
    }),
  remove: () => {
    const { name } = chosen();
    askFor({
      title: `Delete ${name}?`,
      about: "The files that were added to it are deleted, too, for good. Files that lie elsewhere on this machine stay.",
      label: "Delete for good",
      go: async () => {
        await api("collections/remove", { name });
        footnoted.choose("");
        tell(`${name} is deleted.`);
      },
    });
  },
};

const removeFile = (name) =>
  attempt(async () => {
    const of = collection();
    const { token } = await (await api("remove", { ids: [name], collection: of })).json();
    footnoted.again();
    tell(`Removed ${name}.`, {
      undo: () =>
        attempt(async () => {
          await api("restore", { token, collection: of });
          footnoted.again();
          tell(`${name} is back.`);
        }),
    });
  });

const renameFile = (name) =>
  askFor({
    title: "Rename this file",
    about: "Answers that were saved know it by its old name.",
    value: name,
    label: "Rename",
    go: async (next) => {
      const renamed = await (await api("rename", { name, new: next, collection: collection() })).json();
      footnoted.again();
      tell(`${name} is called ${renamed.name} now.`);
    },
  });

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-bring]")) return;
  bring(fromInput(event.target));
  event.target.value = ""; // so that the same files can be chosen again
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("#tabs button");
  if (!button) return;
  const { do: what, removes, renames, chooses } = button.dataset;
  if (chooses !== undefined) button.nextElementSibling.click(); // the input that it stands for
  else if (what !== undefined) doing[what]?.(button.dataset);
  else if (removes !== undefined) removeFile(removes);
  else if (renames !== undefined) renameFile(renames);
});
