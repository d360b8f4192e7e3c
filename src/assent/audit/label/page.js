// One key an answer, Enter saves, u goes back; a form works by Tab and Space as ever.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.id === "coder") return;
  if (event.key === "Enter" && event.target.tagName !== "A") {
    event.preventDefault();
    document.querySelector("form")?.requestSubmit();
    return;
  }
  const found = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!found) return;
  event.preventDefault();
  if (found.tagName === "A") found.click();
  else { found.checked = true; found.focus(); }
});
