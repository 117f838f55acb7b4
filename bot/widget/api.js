// The chat's calls: each message has a key of its own, so that sending it again is harmless.

const RETRIES_MS = [400, 1500, 4000];
const LONGEST_PAUSE_MS = 15000;

export class NotLinked extends Error {}
export class Refused extends Error {}

export const newKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function call(path, options = {}) {
  const response = await fetch(path, {
    ...options,
    headers: { "x-florin-chat": "1", ...options.headers },
  });
  if (response.status === 401) throw new NotLinked();
  if (response.ok) return response.json();
  if (response.status >= 500) throw new Error("unavailable");
  const said = await response.json().catch(() => ({}));
  throw new Refused(said.error ?? "That could not be sent.");
}

// What the network lost is sent again under the same key; what was refused is not.
async function surely(send) {
  for (const ms of RETRIES_MS) {
    try {
      return await send();
    } catch (error) {
      if (error instanceof NotLinked || error instanceof Refused) throw error;
      await pause(ms);
    }
  }
  return send();
}

export const logOut = () => surely(() => call("/chat/logout", { method: "POST" }));

export const loadHistory = () => surely(() => call("/chat/history"));

export const send = (message) =>
  surely(() =>
    call("/chat/messages", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(message),
    }),
  );

export const sendFile = (key, file) =>
  surely(() => {
    const about = new URLSearchParams({ key, name: file.name });
    return call(`/chat/uploads?${about}`, {
      method: "POST",
      headers: { "content-type": "application/octet-stream" },
      body: file,
    });
  });

// Follows the conversation from a place on until it is stopped; `onOver` is told of a session's end.
export function follow(last, onMessage, onConnection, onOver) {
  let wait = 500;
  let over = false;
  let source;
  const lookAgain = async () => {
    try {
      await call("/chat/history");
    } catch (error) {
      if (error instanceof NotLinked && !over) return onOver();
    }
    if (over) return;
    setTimeout(open, wait);
    wait = Math.min(wait * 2, LONGEST_PAUSE_MS);
  };
  const open = () => {
    if (over) return;
    source = new EventSource(`/chat/events?after=${last}`);
    source.onopen = () => {
      wait = 500;
      onConnection(true);
    };
    source.onmessage = (event) => {
      const message = JSON.parse(event.data);
      if (message.seq <= last) return;
      last = message.seq;
      onMessage(message);
    };
    source.onerror = () => {
      onConnection(false);
      if (source.readyState === EventSource.CLOSED) lookAgain();
    };
  };
  open();
  return () => {
    over = true;
    source.close();
  };
}
