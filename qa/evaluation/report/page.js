// The filters and the search. Without this script every question is shown, and nothing is missing.
"use strict";
const tools = document.getElementById("tools");
const search = document.getElementById("search");
const choices = [...document.querySelectorAll("[data-filter]")]; // buttons here, links in a table
const plain = (text) => text.normalize("NFKC").toLowerCase();
const questions = [...document.querySelectorAll("article")].map((element) => ({
  element,
  tags: new Set(element.dataset.tags.split(" ")),
  text: null, // read when the first search needs it; a long report opens sooner
}));
let filter = "all";

const show = () => {
  const words = plain(search.value).split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const question of questions) {
    if (words.length) question.text ??= plain(question.element.textContent);
    const matches =
      question.tags.has(filter) && words.every((word) => question.text.includes(word));
    question.element.hidden = !matches;
    shown += matches;
  }
  let named = "";
  for (const choice of choices) {
    const chosen = choice.dataset.filter === filter;
    choice.setAttribute(choice.href ? "aria-current" : "aria-pressed", String(chosen));
    if (chosen && choice.href) named = `: ${choice.textContent}`;
  }
  document.getElementById("shown").textContent = `${shown} of ${questions.length} shown${named}`;
  document.getElementById("none").hidden = shown > 0;
};

// A link to a question must lead to it, whatever is filtered.
const reveal = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target?.hidden || target.tagName !== "ARTICLE") return;
  filter = "all";
  search.value = "";
  show();
  target.scrollIntoView();
};

document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-filter]");
  if (!choice) return;
  filter = choice.dataset.filter;
  show();
});
let waiting = 0; // for a pause in the typing, or thousands of questions are laid out at every key
search.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(show, questions.length > 500 ? 200 : 0);
});
addEventListener("hashchange", reveal);
tools.hidden = false;
show(); // the browser may have kept the search of a reload
