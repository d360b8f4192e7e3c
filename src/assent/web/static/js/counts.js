// Counts characters while somebody writes, and says what would be left in the wallet.
"use strict";

function counted(field) {
  const most = Number(field.dataset.count);
  const shown = document.createElement("span");
  shown.className = "counter";
  shown.setAttribute("aria-hidden", "true");
  field.after(shown);
  const update = () => {
    const used = [...field.value].length;
    shown.textContent = `${used.toLocaleString("en")} of ${most.toLocaleString("en")}`;
    shown.classList.toggle("over", used > most);
  };
  field.addEventListener("input", update);
  update();
}

function costed(field) {
  const panel = field.closest("[data-balance]");
  if (!panel) return;
  const row = panel.querySelector("[data-after]");
  const shown = panel.querySelector("[data-after-value]");
  const update = () => {
    const left = Number(panel.dataset.balance) - Number(field.value || 0);
    row.hidden = false;
    shown.textContent =
      left >= 0 ? `${left.toLocaleString("en")} credits` : `${(-left).toLocaleString("en")} too few`;
    shown.classList.toggle("field-error", left < 0);
  };
  field.addEventListener("input", update);
  update();
}

document.querySelectorAll("[data-count]").forEach(counted);
document.querySelectorAll("[data-cost]").forEach(costed);
