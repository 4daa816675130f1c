// Everything works without this file; with it, open pages hear of changes, and people are told off-screen.
import { initAll } from "../vendor/govuk-frontend.min.js";

initAll();

const say = (text) => {
  document.getElementById("live").textContent = text;
};

function refreshLive() {
  for (const part of document.querySelectorAll("[data-live]")) {
    // Somebody typing or choosing inside the part is left alone until they are done.
    if (part.contains(document.activeElement) && document.activeElement.matches("input,textarea,select")) continue;
    window.htmx.trigger(part, "changed");
  }
  if (document.querySelector("[data-live-hint]")) document.querySelector("[data-live-hint]").hidden = false;
}

let known = null;
function countNotices(count) {
  const link = document.querySelector('.lodestar-header__link[href="/notices/"]');
  if (link) link.textContent = count > 0 ? `Notices (${count} new)` : "Notices";
  if (known !== null && count > known) {
    say("You have a new notice.");
    document.title = `(${count}) ${document.title.replace(/^\(\d+\) /, "")}`;
    // Off-screen: the machine's own notification, where the person has allowed it. Never a child's name.
    if ("Notification" in window && Notification.permission === "granted") {
      new Notification("Lodestar", { body: "Something is now yours to answer. Open Lodestar to read it." });
    }
  }
  known = count;
}

const address = document.body.dataset.events;
if (address && "EventSource" in window) {
  const source = new EventSource(address);
  let waiting = null;
  source.addEventListener("changed", () => {
    clearTimeout(waiting);
    waiting = setTimeout(refreshLive, 100);
  });
  source.addEventListener("notices", (event) => countNotices(Number(event.data)));
  source.addEventListener("error", () => say("The live connection was lost. Trying again."));
  window.addEventListener("pagehide", () => source.close());
}

// The time left is text; while the page stays open it is asked for again every minute.
setInterval(refreshLive, 60000);

// After a live part is replaced, the row that had the focus gets it back.
let focused = "";
document.addEventListener("htmx:beforeSwap", () => {
  focused = document.activeElement?.getAttribute("href") ?? "";
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (focused) event.target.querySelector(`a[href="${CSS.escape(focused)}"], a[href="${focused}"]`)?.focus();
});

// While somebody writes about a child, other words are suggested under the question. Nothing waits for it, nothing is kept of it.
const asked = new WeakMap();
async function suggestWords(area) {
  const shown = area.closest(".govuk-form-group")?.nextElementSibling;
  if (!shown?.matches(".lodestar-words")) return;
  asked.get(area)?.abort();
  const stop = new AbortController();
  asked.set(area, stop);
  const body = new URLSearchParams({ text: area.value, csrfmiddlewaretoken: area.form.elements.csrfmiddlewaretoken.value });
  try {
    const answer = await fetch(area.dataset.words, { method: "POST", body, signal: stop.signal, redirect: "error" });
    const html = answer.ok ? (await answer.text()).trim() : "";
    if (shown.innerHTML.trim() !== html) shown.innerHTML = html; // said again only when it is something else
  } catch {
    // Away, or typed on: the record does not need it.
  }
}
const writing = new WeakMap();
document.addEventListener("input", (event) => {
  if (!event.target.matches("textarea[data-words]")) return;
  clearTimeout(writing.get(event.target));
  writing.set(event.target, setTimeout(suggestWords, 700, event.target));
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
  if (event.target.closest("[data-ask-notifications]")) Notification.requestPermission();
});

// The answer to "do we know this child?" while somebody types; pressing Enter asks the same without any of this.
let lookingUp = null;
let lookingAfter = null;
async function lookUp(box) {
  lookingUp?.abort();
  lookingUp = new AbortController();
  const body = new URLSearchParams({ text: box.value, csrfmiddlewaretoken: box.form.elements.csrfmiddlewaretoken.value });
  try {
    const answer = await fetch(box.dataset.lookup, { method: "POST", body, signal: lookingUp.signal, redirect: "error" });
    if (!answer.ok) return;
    const shown = document.getElementById("answer");
    shown.innerHTML = await answer.text();
    say(shown.querySelector("[data-said]")?.textContent ?? "");
  } catch {
    // Away, or typed on: the button still asks.
  }
}
document.addEventListener("input", (event) => {
  if (!event.target.matches("input[data-lookup]")) return;
  clearTimeout(lookingAfter);
  lookingAfter = setTimeout(lookUp, 300, event.target);
});
