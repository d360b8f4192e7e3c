// Makes the SHA-256 of files on this device, piece by piece, so that size does not matter. Nothing
// is sent: the page's policy forbids every connection. Without this script the page shows what to
// type into a terminal.
"use strict";

(() => {
  const PIECE = 4 * 1024 * 1024;
  const form = document.getElementById("hash");
  const pick = document.getElementById("pick");
  const bar = document.getElementById("progress");
  const said = document.getElementById("pick_state");
  const where = document.getElementById("id_where");

  async function digest(file, done) {
    const hash = sha256.create();
    for (let start = 0; start < file.size; start += PIECE) {
      hash.update(await file.slice(start, start + PIECE).arrayBuffer());
      done(Math.min(start + PIECE, file.size));
    }
    return hash.hex();
  }

  async function read() {
    const files = [...pick.files];
    const total = files.reduce((sum, file) => sum + file.size, 0) || 1;
    let before = 0;
    pick.disabled = true;
    bar.hidden = false;
    said.textContent = said.dataset.busy;
    try {
      for (const file of files) {
        const found = await digest(file, (now) => { bar.value = (before + now) / total; });
        before += file.size;
        const lines = where.value.split("\n").filter((line) => line.trim());
        if (!lines.includes(found)) where.value = [...lines, found].join("\n");
      }
      said.textContent = said.dataset.done;
    } catch {
      said.textContent = said.dataset.failed;
    }
    bar.hidden = true;
    bar.value = 0;
    pick.disabled = false;
    pick.value = "";
  }

  form.querySelector("[data-pick]").hidden = false;
  form.querySelector("[data-by-hand]").hidden = true;
  pick.addEventListener("change", read);
})();
