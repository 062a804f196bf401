// Follows a running answer: closed blocks come as finished HTML, the open one as plain text.

const RETRY_MS = 2000;
const NEAR_END_PX = 120;
const talk = document.querySelector("[data-talk]");

class Following {
  constructor(answer) {
    this.answer = answer;
    this.blocks = answer.querySelector("[data-blocks]");
    this.open = answer.querySelector("[data-open]");
    this.progress = answer.querySelector("[data-progress]");
    this.hasBegun = false;
    this.clear();
    this.source = new EventSource(answer.dataset.events);
    for (const kind of ["state", "delta", "block", "citation", "restart", "snapshot", "done", "failed"]) {
      this.source.addEventListener(kind, (event) => this.hear(kind, JSON.parse(event.data)));
    }
    this.source.onopen = () => offline(false);
    this.source.onerror = () => this.lose();
  }

  clear() {
    this.letters = [];
    this.closedUntil = 0;
    this.citations = [];
    this.isWhole = false;
  }

  hear(kind, data) {
    const follows = isAtEnd();
    this[kind](data);
    if (follows) scrollToEnd();
  }

  // The words the page was drawn with make room for the ones that are told again.
  begin() {
    if (this.hasBegun) return;
    this.hasBegun = true;
    this.blocks.replaceChildren();
    this.say("");
  }

  state(data) {
    const say = this.answer.dataset;
    if (data.state === "QUEUED") {
      this.say(data.position ? say.sayQueued.replace("{position}", data.position) : say.sayWaiting);
    } else {
      this.say({ SEARCHING: say.saySearching, READING: say.sayReading }[data.stage] ?? "");
    }
  }

  delta(data) {
    this.begin();
    this.letters.push(...data.text);
    this.draw();
  }

  block(data) {
    this.begin();
    if (this.isWhole) return;
    this.blocks.append(fragmentOf(data.html));
    this.closedUntil = data.end;
    this.draw();
  }

  citation(data) {
    this.citations.push(data);
    this.draw();
  }

  restart() {
    this.begin();
    this.blocks.replaceChildren();
    this.clear();
    this.draw();
    this.say(this.answer.dataset.sayAgain);
  }

  snapshot(data) {
    this.begin();
    this.clear();
    this.blocks.replaceChildren(fragmentOf(data.html));
    this.letters = [...data.text];
    this.closedUntil = this.letters.length;
    // Blocks that began inside the snapshot would come twice; the end brings the right ones.
    this.isWhole = true;
    this.draw();
  }

  done() {
    this.end();
  }

  failed() {
    this.end();
  }

  async end() {
    this.source.close();
    const follows = isAtEnd();
    try {
      const response = await fetch(this.answer.dataset.after, { headers: { "X-Fragment": "1" } });
      if (!response.ok) throw new Error(String(response.status));
      this.answer.replaceWith(fragmentOf(await response.text()));
      document.dispatchEvent(new CustomEvent("answer:ended"));
      if (follows) scrollToEnd();
    } catch {
      offline(true);
      setTimeout(() => this.end(), RETRY_MS);
    }
  }

  lose() {
    offline(!navigator.onLine);
    // The browser comes back by itself unless it was refused; then the page asks how it ended.
    if (this.source.readyState === EventSource.CLOSED) setTimeout(() => this.end(), RETRY_MS);
  }

  say(text) {
    if (this.progress.textContent !== text) this.progress.textContent = text;
  }

  draw() {
    const parts = [];
    let from = this.closedUntil;
    const open = this.citations.filter((cited) => cited.end > from);
    for (const cited of open.sort((one, other) => one.end - other.end)) {
      parts.push(this.letters.slice(from, cited.end).join(""), chip(cited));
      from = cited.end;
    }
    parts.push(this.letters.slice(from).join(""));
    if (typeof parts[0] === "string") parts[0] = parts[0].trimStart();
    this.open.replaceChildren(...parts);
  }
}

function chip(cited) {
  const sup = document.createElement("sup");
  const link = document.createElement(cited.chunk_id ? "a" : "span");
  link.className = "cite";
  link.textContent = cited.ordinal;
  link.title = cited.document_name;
  if (cited.chunk_id) {
    const quote = [...cited.quote].slice(0, 300).join("");
    link.href = `/passages/${cited.chunk_id}?quote=${encodeURIComponent(quote)}`;
    link.dataset.chunk = cited.chunk_id;
  }
  sup.append(link);
  return sup;
}

// The server has sanitised this HTML; it is parsed where no script runs and nothing loads.
function fragmentOf(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

function isAtEnd() {
  return !talk || talk.scrollHeight - talk.scrollTop - talk.clientHeight < NEAR_END_PX;
}

function scrollToEnd() {
  if (talk) talk.scrollTop = talk.scrollHeight;
}

function offline(isOffline) {
  const line = document.querySelector("[data-offline]");
  if (line) line.hidden = !isOffline;
}

function followAll() {
  for (const answer of document.querySelectorAll("[data-run]:not([data-followed])")) {
    answer.dataset.followed = "";
    new Following(answer);
  }
}

document.addEventListener("answer:added", () => {
  followAll();
  scrollToEnd();
});
window.addEventListener("offline", () => offline(true));
window.addEventListener("online", () => offline(false));
scrollToEnd();
followAll();
