// The composer: Enter asks, the button turns into Stop in its place, what was typed is kept.

const form = document.querySelector("[data-compose]");
const box = form.elements.question;
const send = form.querySelector("[data-send]");
const turns = document.querySelector("[data-turns]");
const problem = document.querySelector("[data-problem]");

const draftKey = () => `draft:${location.pathname}`;

function fragmentOf(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

async function post(address, body) {
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  return fetch(address, { method: "POST", body, headers: { "X-Fragment": "1" } });
}

function showState() {
  const running = document.querySelector("[data-run]");
  if (running) form.dataset.stop = running.dataset.stop;
  else delete form.dataset.stop;
  const isRunning = Boolean(form.dataset.stop);
  send.textContent = isRunning ? send.dataset.sayStop : send.dataset.saySend;
  box.required = !isRunning;
  send.disabled = false;
}

async function ask() {
  const question = box.value.trim();
  if (!question) return;
  send.disabled = true;
  problem.replaceChildren();
  try {
    const response = await post(form.action, new FormData(form));
    const answer = fragmentOf(await response.text());
    if (!response.ok) {
      problem.replaceChildren(answer);
      return;
    }
    take(response, answer);
  } catch {
    document.querySelector("[data-offline]").hidden = false;
  } finally {
    showState();
  }
}

function take(response, answer) {
  sessionStorage.removeItem(draftKey());
  box.value = "";
  const address = response.headers.get("X-Conversation-Address");
  if (address && address !== location.pathname) history.pushState(null, "", address);
  form.elements.conversation_id.value = response.headers.get("X-Conversation") ?? "";
  form.elements.key.value = response.headers.get("X-Next-Key") ?? "";
  document.querySelector("[data-empty]")?.remove();
  turns.append(answer);
  document.dispatchEvent(new CustomEvent("answer:added"));
  refreshList();
}

async function stop() {
  send.disabled = true;
  const progress = document.querySelector("[data-run] [data-progress]");
  if (progress) progress.textContent = progress.closest("[data-run]").dataset.sayStopping;
  try {
    await post(form.dataset.stop, new FormData());
  } catch {
    document.querySelector("[data-offline]").hidden = false;
  }
  send.disabled = false;
}

async function retry(button) {
  const old = button.closest("[data-answer]");
  problem.replaceChildren();
  const response = await post(button.action, new FormData());
  const answer = fragmentOf(await response.text());
  if (!response.ok) {
    problem.replaceChildren(answer);
    return;
  }
  old.replaceWith(answer);
  document.dispatchEvent(new CustomEvent("answer:added"));
  showState();
}

async function refreshList() {
  const list = document.querySelector("[data-conversations]");
  const here = form.elements.conversation_id.value;
  const response = await fetch(`${list.dataset.conversations}?here=${encodeURIComponent(here)}`, {
    headers: { "X-Fragment": "1" },
  });
  if (!response.ok) return;
  list.replaceChildren(fragmentOf(await response.text()));
  const current = list.querySelector("[aria-current]");
  const title = document.querySelector("[data-title]");
  if (current && title) title.textContent = current.textContent.trim();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (form.dataset.stop) stop();
  else ask();
});

box.addEventListener("keydown", (event) => {
  // While an input method composes, Enter chooses a word and sends nothing.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (!form.dataset.stop) form.requestSubmit();
});

box.addEventListener("input", () => sessionStorage.setItem(draftKey(), box.value));

document.addEventListener("click", (event) => {
  const starter = event.target.closest("[data-starter]");
  if (!starter) return;
  box.value = starter.textContent.trim();
  form.requestSubmit();
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-retry]")) return;
  event.preventDefault();
  retry(event.target);
});

const chooser = form.querySelector("[data-chooser]");
chooser?.addEventListener("change", () => {
  const names = [...chooser.querySelectorAll("input:checked")].map((input) => input.parentElement.textContent.trim());
  chooser.querySelector("summary").textContent = names.join(", ") || chooser.dataset.all;
});
document.addEventListener("click", (event) => {
  if (chooser?.open && !chooser.contains(event.target)) chooser.open = false;
});

document.addEventListener("answer:ended", showState);
// A page with another address is another conversation: the server draws it.
window.addEventListener("popstate", () => location.reload());
box.value ||= sessionStorage.getItem(draftKey()) ?? "";
showState();
