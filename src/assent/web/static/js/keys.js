// Keys for whoever works through the queue. Every one of them presses a button or follows a link that
// is there without this script, too. Nothing happens while somebody writes.
"use strict";

const rows = [...document.querySelectorAll("[data-work]")];

function writes(field) {
  return field.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");
}

function step(by) {
  if (!rows.length) return;
  const at = rows.indexOf(document.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by;
  rows[Math.max(0, Math.min(rows.length - 1, next))].focus();
}

function veils() {
  const boxes = [...document.querySelectorAll(".veiled input[type=checkbox]")];
  const shown = boxes.every((box) => box.checked);
  for (const box of boxes) if (box.checked === shown) box.click();
}

function tick() {
  const box = document.activeElement?.closest("tr")?.querySelector("input[type=checkbox]");
  if (box) box.checked = !box.checked;
}

const acts = {
  j: () => step(1),
  k: () => step(-1),
  m: tick,
  v: veils,
  q: () => document.querySelector("[data-queue]")?.click(),
  w: () => document.querySelector("main textarea[name=reason]")?.focus(),
  "?": () => {
    const list = document.querySelector("[data-keys]");
    list.open = !list.open;
    if (list.open) list.scrollIntoView({ block: "nearest" });
  },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (writes(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const act = acts[event.key];
  const button = document.querySelector(`main [data-key="${CSS.escape(event.key)}"]`);
  if (!act && !button) return;
  event.preventDefault();
  if (act) act();
  else button.click();
});
