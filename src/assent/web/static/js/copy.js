// Copies a number or a PIN. Where the browser cannot, the button stays hidden.
"use strict";

if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const from = document.getElementById(button.dataset.copy);
      await navigator.clipboard.writeText(from.textContent);
      const said = document.querySelector("[data-said]");
      said.textContent = said.dataset.said || "Copied.";
    });
  }
}
