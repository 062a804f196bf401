// A citation opens its passage at the right, on a phone as a sheet from below.

const sheet = document.querySelector("[data-sheet]");
let opener = null;

async function open(link) {
  const response = await fetch(link.href, { headers: { "X-Fragment": "1" } });
  const template = document.createElement("template");
  template.innerHTML = await response.text();
  sheet.replaceChildren(template.content);
  sheet.hidden = false;
  opener?.removeAttribute("aria-expanded");
  opener = link;
  link.setAttribute("aria-expanded", "true");
  sheet.querySelector("[data-focus]")?.focus({ preventScroll: true });
  sheet.scrollTop = 0;
  sheet.querySelector("mark")?.scrollIntoView({ block: "nearest" });
}

function close() {
  sheet.hidden = true;
  sheet.replaceChildren();
  opener?.removeAttribute("aria-expanded");
  opener?.focus();
  opener = null;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.cite[data-chunk]");
  if (link && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
    event.preventDefault();
    open(link).catch(() => location.assign(link.href));
  } else if (event.target.closest("[data-close]")) {
    close();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !sheet.hidden) close();
});
