// The page: a deep-chat element fed by the gateway's events.

import { follow, loadHistory, logOut, newKey, NotLinked, Refused, send, sendFile } from "./api.js";
import { watch } from "./charts.js";
import {
  attachButton,
  auxiliaryStyle,
  messageStyles,
  submitButtonStyles,
  textInput,
} from "./look.js";
import { answered, asked, chips, insertTextAsText, welcome } from "./messages.js";

const LATE_MS = 3000;
const LARGEST = 64 * 1024 * 1024;
const element = (id) => document.getElementById(id);

let chat;
const own = new Set(); // keys of what this page shows already
const waiting = new Set(); // keys that have no answer yet
let typing = false;

function showTyping(on) {
  if (on === typing) return;
  typing = on;
  chat.displayLoadingBubble.toggle(on ? {} : undefined);
}

function add(messages) {
  const was = typing;
  showTyping(false);
  for (const message of messages) chat.addMessage(message);
  showTyping(was);
}

function fail(error, again) {
  if (error instanceof NotLinked) return end("");
  const text =
    error instanceof Refused ? error.message : "That was not sent: there is no connection.";
  add([{ role: "ai", text }]);
  if (again && !(error instanceof Refused)) {
    const retry = { title: "Send again", token: `again:${again.key}` };
    unsent.set(retry.token, again);
    add([chips([retry])]);
  }
}

const unsent = new Map();
let stopFollowing = () => {};

async function deliver(message) {
  own.add(message.key);
  waiting.add(message.key);
  showTyping(true);
  try {
    await (message.file ? sendFile(message.key, message.file) : send(message));
  } catch (error) {
    waiting.delete(message.key);
    showTyping(waiting.size > 0);
    fail(error, message);
  }
}

function tap(event) {
  const { token, say } = event.target.dataset;
  const again = unsent.get(token);
  if (again) {
    unsent.delete(token);
    deliver(again);
    return;
  }
  add([{ role: "user", text: event.target.textContent }]);
  deliver(token ? { key: newKey(), token } : { key: newKey(), text: say });
}

function upload(file) {
  if (!file) return;
  add([asked({ kind: "document", text: file.name })]);
  if (file.size > LARGEST) fail(new Refused("That file is larger than the 64 MB that I take."));
  else deliver({ key: newKey(), file });
}

// Nothing of the conversation stays on the page; a reload says the same again.
function end(why, said) {
  stopFollowing();
  history.replaceState(null, "", why || location.pathname);
  showNotice(why, said);
}

async function leave() {
  try {
    await logOut();
  } catch (error) {
    if (!(error instanceof NotLinked)) return fail(error);
  }
  end("#out");
}

function receive(message) {
  const { question } = message;
  if (message.ends) return end(message.ends === "person" ? "#erased" : "#out", message.reply);
  showTyping(false);
  if (question && !own.has(question.key)) {
    own.add(question.key);
    chat.addMessage(asked(question));
  }
  if (question) waiting.delete(question.key);
  for (const said of answered(message)) chat.addMessage(said);
  showTyping(waiting.size > 0);
  chat.scrollToBottom();
}

function build(history) {
  insertTextAsText();
  chat = document.createElement("deep-chat");
  const touch = matchMedia("(pointer: coarse)").matches;
  Object.assign(chat.style, {
    display: "block",
    width: "100%",
    height: "100%",
    backgroundColor: "transparent",
    // Without a font of its own the component would ask another site for one.
    fontFamily: "var(--font)",
    fontSize: "1rem",
  });
  Object.assign(chat, {
    connect: {
      websocket: true,
      handler: (_, signals) => {
        signals.newUserMessage.listener = ({ messages }) =>
          deliver({ key: newKey(), text: messages.at(-1).text });
        signals.onOpen();
      },
    },
    displayLoadingBubble: { toggle: () => {} },
    textInput: textInput(touch),
    submitButtonStyles,
    customButtons: [attachButton(() => element("file").click())],
    messageStyles,
    auxiliaryStyle,
    htmlClassUtilities: { chip: { events: { click: tap } } },
    history,
    scrollButton: true,
    onComponentRender: rendered,
  });
  element("chat").append(chat);
}

function rendered() {
  const log = chat.shadowRoot.getElementById("messages");
  log.setAttribute("role", "log");
  log.setAttribute("aria-live", "polite");
  chat.shadowRoot.getElementById("text-input")?.setAttribute("aria-label", "Your message");
  watch(chat.shadowRoot, (figure) => {
    // One that was drawn beneath the last message moves it up.
    const all = [...chat.shadowRoot.querySelectorAll("figure.chart")];
    if (figure === all.at(-1)) chat.scrollToBottom();
  });
  if (waiting.size) showTyping(true);
}

function showNotice(why, said) {
  const texts = {
    "#out": ["You are logged out", "This browser opens nothing any more. A new link comes from:"],
    "#erased": ["Nothing of you is left here", "Everything that was kept about you is deleted."],
    "#used": ["That link was used already", "Each link works once. A new one comes from:"],
    "#wait": ["Too many wrong links", "Wait a quarter of an hour, then get a new one with:"],
  };
  const [title, text] = texts[why] ?? [
    "Open your link first",
    "This chat shows one person's money, so it opens with a one-time link. Get one with:",
  ];
  element("notice").querySelector("h2").textContent = title;
  element("notice").querySelector("p").textContent = said ?? text;
  element("notice").querySelector("code").hidden = why === "#erased";
  element("notice").hidden = false;
  element("leave").hidden = true;
  element("about").textContent = "";
  element("connection").hidden = true;
  element("chat").hidden = true;
  element("chat").replaceChildren();
}

function listenForFiles() {
  const input = element("file");
  input.addEventListener("change", () => {
    upload(input.files[0]);
    input.value = "";
  });
  const over = (event, on) => {
    if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
    event.preventDefault();
    element("drop").hidden = !on;
  };
  addEventListener("dragover", (event) => over(event, true));
  addEventListener("dragleave", (event) => event.relatedTarget ?? over(event, false));
  addEventListener("drop", (event) => {
    over(event, false);
    for (const file of event.dataTransfer?.files ?? []) upload(file);
  });
}

function watchConnection() {
  let late;
  return (there) => {
    clearTimeout(late);
    if (there) element("connection").hidden = true;
    else late = setTimeout(() => (element("connection").hidden = false), LATE_MS);
  };
}

function introduce({ person, today }) {
  const day = today && new Date(`${today}T12:00:00`).toLocaleDateString("en-GB", { dateStyle: "long" });
  element("about").textContent = day ? `${person} · demo, today is ${day}` : person;
}

async function start() {
  const why = location.hash;
  history.replaceState(null, "", location.pathname);
  let before;
  try {
    before = await loadHistory();
  } catch (error) {
    if (error instanceof NotLinked) return end(why);
    element("connection").hidden = false;
    return setTimeout(start, LATE_MS);
  }
  element("connection").hidden = true;
  const last = before.messages.at(-1);
  if (last?.ends) return receive(last);
  introduce(before);
  for (const { question } of before.messages) if (question) own.add(question.key);
  for (const { key } of before.waiting) {
    own.add(key);
    waiting.add(key);
  }
  const shown = before.messages.flatMap((message) => [
    ...(message.question ? [asked(message.question)] : []),
    ...answered(message),
  ]);
  const first = shown.length ? [] : welcome(before.person);
  await import("./vendor/deep-chat.js");
  build([...first, ...shown, ...before.waiting.map(asked)]);
  listenForFiles();
  element("leave").hidden = false;
  element("leave").addEventListener("click", leave);
  stopFollowing = follow(before.last, receive, watchConnection(), () => end(""));
}

start();
