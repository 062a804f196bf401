// The policy page: the text is judged while one types, rows come and go, files are dropped.

const section = document.querySelector("[data-try]");
const text = section.querySelector("textarea");
const result = section.querySelector("#try-result");
const said = section.querySelector("[data-said]");
const fileForm = section.querySelector("[data-file]");
const fileInput = fileForm.elements.file;
const bar = fileForm.querySelector("progress");
const policy = document.querySelector("#policy-form");

function judge() {
  if (text.value.trim()) text.dispatchEvent(new CustomEvent("policy-changed"));
}

function complain(message) {
  const notice = document.createElement("p");
  notice.className = "notice bad";
  notice.textContent = message;
  result.replaceChildren(notice);
  said.textContent = message;
}

for (const button of section.querySelectorAll("[data-without-script]")) button.hidden = true;

// --- The text ------------------------------------------------------------------------------------
policy.addEventListener("input", (event) => {
  if (event.target.name !== "note") judge();
});
policy.addEventListener("submit", (event) => {
  if (!event.submitter?.hasAttribute("formaction")) return;
  event.preventDefault();
  judge();
});

section.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  const isPage = /<html/i.test(xhr.responseText);
  // A refusal comes as a notice; a whole page is the sign-in, or an address nobody answers yet.
  event.detail.shouldSwap = !isPage;
  if (!isPage) return;
  complain(xhr.status === 404 ? section.dataset.sayMissing : section.dataset.sayFailed);
});
section.addEventListener("htmx:sendError", () => complain(section.dataset.sayLost));
section.addEventListener("htmx:afterSwap", () => {
  const summary = result.querySelector("[data-summary], .notice")?.textContent ?? "";
  said.textContent = summary.replace(/\s+/g, " ").trim();
});

// --- A file ----------------------------------------------------------------------------------------
fileInput.addEventListener("change", () => {
  if (fileInput.files.length > 0) fileForm.requestSubmit();
});
fileForm.addEventListener("htmx:xhr:loadstart", () => {
  bar.value = 0;
  bar.hidden = false;
});
fileForm.addEventListener("htmx:xhr:progress", (event) => {
  const { loaded, total } = event.detail;
  if (total) bar.value = (100 * loaded) / total;
});
fileForm.addEventListener("htmx:afterRequest", () => {
  bar.hidden = true;
  // The same file may be chosen again, after the policy changed.
  fileInput.value = "";
});

for (const kind of ["dragenter", "dragover"]) {
  section.addEventListener(kind, (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    section.classList.add("over");
  });
}
section.addEventListener("dragleave", () => section.classList.remove("over"));
section.addEventListener("drop", (event) => {
  section.classList.remove("over");
  if (event.dataTransfer.files.length === 0) return;
  event.preventDefault();
  fileInput.files = event.dataTransfer.files;
  fileForm.requestSubmit();
});

// --- Rows ------------------------------------------------------------------------------------------
for (const part of document.querySelectorAll("[data-rows]")) {
  const list = part.querySelector("[data-row-list]");
  if (list) growing(part, list);
}

function growing(part, list) {
  const spares = [...list.querySelectorAll("[data-spare]")];
  const blank = spares[0].cloneNode(true);
  const add = part.querySelector("[data-add]");
  for (const spare of spares) spare.remove();
  for (const row of [...list.children, blank]) row.querySelector("[data-remove]").hidden = false;
  add.hidden = false;
  showMax();

  add.addEventListener("click", () => {
    const row = blank.cloneNode(true);
    list.append(row);
    row.querySelector("input").focus();
    showMax();
  });
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-remove]");
    if (!button) return;
    const row = button.closest("li");
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    showMax();
    (next?.querySelector("[data-remove]") ?? add).focus();
    judge();
  });

  function showMax() {
    add.disabled = list.children.length >= Number(part.dataset.rowsMax);
  }
}
