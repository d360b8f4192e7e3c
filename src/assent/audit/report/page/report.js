// Makes the still figures interactive, and the tables sortable. Without it the page is complete too.
const specs = JSON.parse(document.getElementById("figures").textContent);
const dark = matchMedia("(prefers-color-scheme: dark)");

async function draw() {
  for (const place of document.querySelectorAll("[data-figure]")) {
    const spec = specs[place.dataset.figure][dark.matches ? "dark" : "light"];
    const live = document.createElement("div");
    live.style.width = "100%";
    const still = place.firstElementChild;
    place.append(live);
    try {
      await window.vegaEmbed(live, spec, {mode: "vega-lite", actions: false, renderer: "svg", ast: true});
      still.remove();
    } catch (error) {
      live.remove();
      console.error(error);
    }
  }
}

function sortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") !== "descending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...table.tBodies[0].rows];
      rows.sort((a, b) => compare(key(a, column), key(b, column)) * (down ? -1 : 1));
      table.tBodies[0].append(...rows);
    });
  });
}

function key(row, column) {
  const cell = row.cells[Math.min(column, row.cells.length - 1)];
  const value = cell.dataset.value;
  if (value === undefined) return cell.textContent.trim();
  return value === "" ? -Infinity : Number(value);
}

function compare(a, b) {
  return typeof a === "string" ? a.localeCompare(b) : a - b;
}

document.querySelectorAll("table").forEach(sortable);
dark.addEventListener("change", draw);
draw();
