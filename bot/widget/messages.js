// From what the gateway sends to deep-chat's messages. Text is only ever inserted as text.

import { chart } from "./charts.js";

// deep-chat renders Markdown unless its renderer is replaced: bank data and people's words are
// neither Markdown nor HTML.
export function insertTextAsText() {
  const asText = (text) => {
    const span = document.createElement("span");
    span.textContent = text;
    return span.outerHTML;
  };
  window.remarkable_plugins = [
    {
      plugin: (renderer) => {
        renderer.render = asText;
      },
    },
  ];
}

const SHOWN = { document: (text) => `Bank file: ${text}` };

export const asked = (question) => ({
  role: "user",
  text: (SHOWN[question.kind] ?? ((text) => text))(question.text || "…"),
});

// Buttons are built as elements, so that titles and tokens are escaped by the browser itself.
export function chips(buttons) {
  const row = document.createElement("div");
  row.className = "chips";
  for (const { title, token, say, part } of buttons) {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = part ? "chip part" : "chip";
    chip.textContent = title;
    if (token) chip.dataset.token = token;
    if (say) chip.dataset.say = say;
    row.append(chip);
  }
  return { role: "ai", html: row.outerHTML };
}

// The link opens in this session alone, for a day.
function file({ name, token }) {
  const link = document.createElement("a");
  link.className = "file";
  link.href = `/chat/exports/${encodeURIComponent(token)}`;
  link.download = name;
  link.textContent = `Download ${name}`;
  const row = document.createElement("div");
  row.append(link, " This link works here alone, for 24 hours.");
  return { role: "ai", html: row.outerHTML };
}

export function answered(message) {
  if (message.chart) return [chart(message)];
  const said = [{ role: "ai", text: message.reply }];
  if (message.document) said.push(file(message.document));
  if (message.buttons.length) said.push(chips(message.buttons));
  return said;
}

const IDEAS = [
  "What's my balance?",
  "How much did I spend last month?",
  "What were my biggest purchases?",
];

export const welcome = (person) => [
  {
    role: "ai",
    text: `Hello ${person}. Ask about your money in your own words, or add a bank file.`,
  },
  chips(IDEAS.map((idea) => ({ title: idea, say: idea }))),
];
