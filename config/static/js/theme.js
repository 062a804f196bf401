// Light, dark or as the system: kept in a cookie, so that the server draws the first frame right.

const root = document.documentElement;
const YEAR_SECONDS = 31536000;

function choose(theme) {
  if (theme) {
    root.dataset.theme = theme;
  } else {
    delete root.dataset.theme;
  }
  const age = theme ? YEAR_SECONDS : 0;
  document.cookie = `theme=${theme}; path=/; max-age=${age}; samesite=lax`;
  show();
}

function show() {
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    const isChosen = button.dataset.themeChoice === (root.dataset.theme ?? "");
    button.setAttribute("aria-pressed", String(isChosen));
  }
}

for (const group of document.querySelectorAll("[data-themes]")) {
  group.hidden = false;
  group.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (button) choose(button.dataset.themeChoice);
  });
}
show();
