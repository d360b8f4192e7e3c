// Leaves a takedown page at once: by the button, or by pressing Shift three times. Without this
// script the button is a link.
"use strict";

const button = document.getElementById("exit");
const WITHIN_MS = 4000;
let presses = [];

function leave() {
  document.documentElement.classList.add("leaving");
  document.title = "";
  // `replace` takes this page out of the list behind the Back button.
  window.location.replace(button.href);
}

button.addEventListener("click", (event) => {
  event.preventDefault();
  leave();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Shift") {
    presses = [];
    return;
  }
  if (event.repeat) return;
  const now = Date.now();
  presses = [...presses.filter((at) => now - at < WITHIN_MS), now];
  if (presses.length >= 3) leave();
});
