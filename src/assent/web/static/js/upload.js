// Sends a form with files in the background: shows how far it is, and can be cancelled. Without
// this script it is an ordinary form.
"use strict";

const megabytes = (count) =>
  count < 1048576 ? `${Math.ceil(count / 1024)} KB` : `${(count / 1048576).toFixed(1)} MB`;

function dropArea(area) {
  const input = area.querySelector('input[type="file"]');
  const list = document.createElement("ul");
  list.className = "drop-list";
  area.append(list);
  const show = () => {
    list.replaceChildren(
      ...[...input.files].map((file) => {
        const line = document.createElement("li");
        line.textContent = `${file.name}, ${megabytes(file.size)}`;
        return line;
      }),
    );
  };
  for (const name of ["dragenter", "dragover"]) {
    area.addEventListener(name, (event) => {
      event.preventDefault();
      area.classList.add("over");
    });
  }
  area.addEventListener("dragleave", () => area.classList.remove("over"));
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    area.classList.remove("over");
    input.files = event.dataTransfer.files;
    show();
  });
  input.addEventListener("change", show);
}

function send(form) {
  const bar = form.querySelector("progress");
  const words = form.querySelector("[data-progress-text]");
  const panel = form.querySelector("[data-progress]");
  const submit = form.querySelector('[type="submit"]');
  const said = form.querySelector("[data-said]");
  const request = new XMLHttpRequest();
  const stop = (sentence) => {
    panel.hidden = true;
    submit.disabled = false;
    said.textContent = sentence;
  };
  request.upload.addEventListener("progress", (event) => {
    bar.value = (100 * event.loaded) / event.total;
    words.textContent = `${megabytes(event.loaded)} of ${megabytes(event.total)}`;
  });
  request.upload.addEventListener("load", () => {
    words.textContent = "All sent. We are looking at the headers…";
  });
  request.addEventListener("load", () => answer(form, request, stop));
  request.addEventListener("error", () => stop("The connection broke. Nothing was kept; please try again."));
  request.addEventListener("abort", () => stop("Cancelled. Nothing was kept."));
  form.querySelector("[data-cancel]").onclick = () => request.abort();
  const data = new FormData(form);
  panel.hidden = false;
  submit.disabled = true;
  said.textContent = "";
  request.open("POST", form.action);
  request.send(data);
}

// A page that came back under the same address has something to say about the form. The chosen
// files are carried over into it, so that nobody has to choose them again.
function answer(form, request, stop) {
  if (request.status === 200 && request.responseURL !== form.action) {
    window.location.assign(request.responseURL);
    return;
  }
  const fresh = new DOMParser().parseFromString(request.responseText, "text/html");
  const main = fresh.querySelector("main");
  if (!main) {
    stop("Something broke on our side. Please try again.");
    return;
  }
  for (const old of form.querySelectorAll('input[type="file"]')) {
    const twin = main.querySelector(`input[name="${old.name}"]`);
    if (twin) twin.files = old.files;
  }
  document.querySelector("main").replaceWith(main);
  start();
  (main.querySelector("#errors") || main).focus();
}

function start() {
  document.querySelectorAll("[data-drop]").forEach(dropArea);
  for (const form of document.querySelectorAll("form[data-upload]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const files = [...form.querySelectorAll('input[type="file"]')].flatMap((i) => [...i.files]);
      const size = files.reduce((sum, file) => sum + file.size, 0);
      const most = Number(form.dataset.most);
      if (size > most) {
        const said = form.querySelector("[data-said]");
        said.textContent = `These files hold ${megabytes(size)} together; the most is ${megabytes(most)}.`;
        return;
      }
      send(form);
    });
  }
}

start();
