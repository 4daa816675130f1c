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

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
  if (event.target.closest("[data-ask-notifications]")) Notification.requestPermission();
});
