// The list of documents: looked at again while anything is being worked on.

const LOOK_MS = 1500;
const place = document.querySelector("[data-list]");
let timer = 0;

async function look() {
  clearTimeout(timer);
  // A confirmation that is being typed is not taken away.
  if (!place.querySelector("[data-keep]:popover-open")) {
    try {
      await show(await fetch(place.dataset.list, { headers: { "X-Fragment": "1" } }));
    } catch {
      // Offline: the next look may succeed.
    }
  }
  plan();
}

async function show(response) {
  if (!response.ok) return;
  const template = document.createElement("template");
  template.innerHTML = await response.text();
  place.replaceChildren(template.content);
}

function plan() {
  clearTimeout(timer);
  if (place.querySelector("[data-busy]")) timer = setTimeout(look, LOOK_MS);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-act]")) return;
  event.preventDefault();
  const response = await fetch(form.action, {
    method: "POST",
    body: new FormData(form),
    headers: { "X-Fragment": "1" },
  });
  if (response.ok) {
    await show(response);
    plan();
    return;
  }
  const template = document.createElement("template");
  template.innerHTML = await response.text();
  form.querySelector(".notice")?.remove();
  form.append(template.content);
});

document.addEventListener("documents:changed", look);
plan();
