// Files are dropped or chosen, sent one after another, and each says how far it is.

const form = document.querySelector("[data-upload]");
const list = document.querySelector("[data-uploads]");
const waiting = [];
// Tickets are valid for ten minutes; an older one is exchanged before it is needed.
const TICKET_MS = 8 * 60 * 1000;
let ticketAt = Date.now();
let isSending = false;

function lineFor(file) {
  const line = document.createElement("li");
  const text = document.createElement("p");
  const bar = document.createElement("progress");
  bar.max = 100;
  bar.value = 0;
  line.append(text, bar);
  list.append(line);
  return {
    say: (template, words = {}) => {
      const values = { name: file.name, ...words };
      text.textContent = template.replace(/\{(\w+)\}/g, (_all, word) => values[word] ?? "");
    },
    progress: (percent) => {
      bar.value = percent;
    },
    end: () => bar.remove(),
  };
}

function take(files) {
  for (const file of files) waiting.push([file, lineFor(file)]);
  sendNext();
}

async function renewTicket() {
  if (Date.now() - ticketAt < TICKET_MS) return;
  const response = await fetch(form.dataset.ticketAddress);
  if (!response.ok) return;
  form.dataset.ticket = await response.text();
  ticketAt = Date.now();
}

async function sendNext() {
  if (isSending) return;
  isSending = true;
  while (waiting.length > 0) {
    const [file, line] = waiting.shift();
    // Without a fresh ticket the upload itself tells what is wrong.
    await renewTicket().catch(() => {});
    await sendOne(file, line);
    line.end();
    document.dispatchEvent(new CustomEvent("documents:changed"));
  }
  isSending = false;
}

function sendOne(file, line) {
  const say = form.dataset;
  if (file.size > Number(say.bytesMax)) {
    line.say(say.sayTooLarge);
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.upload.onprogress = (event) => {
      const percent = Math.floor((100 * event.loaded) / event.total);
      line.progress(percent);
      line.say(say.saySending, { percent });
    };
    request.onload = () => {
      if (request.status < 300) line.say(say.saySent);
      else line.say(say.sayFailed, { reason: reasonIn(request) });
      resolve();
    };
    request.onerror = () => {
      line.say(say.sayFailed, { reason: say.sayCut });
      resolve();
    };
    request.open("POST", say.upload);
    request.setRequestHeader("X-Upload-Ticket", say.ticket);
    request.send(bodyOf(file));
    line.say(say.saySending, { percent: 0 });
  });
}

function bodyOf(file) {
  const body = new FormData();
  const collection = form.querySelector("[data-collection]");
  // Fields first: the server reads the form as it arrives.
  if (collection) body.append("collection", collection.value);
  const label = form.querySelector("[data-label]");
  if (label) body.append("label", label.value);
  body.append("file", file);
  return body;
}

function reasonIn(request) {
  try {
    return JSON.parse(request.responseText).detail;
  } catch {
    return String(request.status);
  }
}

form.querySelector("[data-files]").addEventListener("change", (event) => {
  take(event.target.files);
  event.target.value = "";
});
// What was chosen before this script was there counts as well.
take(form.querySelector("[data-files]").files);
// The label is a button to the keyboard as well.
form.querySelector("[data-files]").parentElement.addEventListener("keydown", (event) => {
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    event.currentTarget.querySelector("input").click();
  }
});

for (const kind of ["dragenter", "dragover"]) {
  form.addEventListener(kind, (event) => {
    event.preventDefault();
    form.classList.add("over");
  });
}
form.addEventListener("dragleave", () => form.classList.remove("over"));
form.addEventListener("drop", (event) => {
  event.preventDefault();
  form.classList.remove("over");
  take(event.dataTransfer.files);
});
