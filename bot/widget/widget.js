// Florin in any page: <script src="https://FLORIN/widget.js" async></script>
// `data-link` takes the path of a one-time link (/link/…) to open the chat with.
(() => {
  const script = document.currentScript;
  const origin = new URL(script.src).origin;
  const link = script.dataset.link ?? "/";
  const OPEN = "florin-open";

  const style = new CSSStyleSheet();
  style.replaceSync(`
    :host { all: initial; position: fixed; right: 20px; bottom: 20px; z-index: 2147483000; }
    button {
      width: 56px; height: 56px; padding: 0; border: 0; border-radius: 50%; cursor: pointer;
      background: #0f6b4f; box-shadow: 0 4px 16px rgb(0 0 0 / 25%);
    }
    button:focus-visible { outline: 3px solid #f2d98b; outline-offset: 2px; }
    button img { display: block; width: 56px; height: 56px; }
    iframe {
      position: fixed; right: 20px; bottom: 88px; width: 400px; height: min(640px, calc(100vh - 108px));
      border: 0; border-radius: 16px; background: Canvas; box-shadow: 0 8px 40px rgb(0 0 0 / 28%);
      color-scheme: light dark;
    }
    @media (max-width: 520px) {
      iframe { inset: 0 0 76px 0; width: 100vw; height: calc(100dvh - 76px); border-radius: 0; }
      :host { right: 12px; bottom: 10px; }
    }
    [hidden] { display: none; }
  `);

  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [style];
  const launcher = document.createElement("button");
  launcher.setAttribute("aria-label", "Florin");
  launcher.setAttribute("aria-expanded", "false");
  const icon = document.createElement("img");
  icon.src = `${origin}/assets/icon.svg`;
  icon.alt = "";
  launcher.append(icon);
  root.append(launcher);

  let frame;
  function show(open) {
    if (open && !frame) {
      frame = document.createElement("iframe");
      frame.title = "Florin";
      frame.src = new URL(link, origin).href;
      root.prepend(frame);
    }
    if (frame) frame.hidden = !open;
    launcher.setAttribute("aria-expanded", String(open));
    sessionStorage.setItem(OPEN, open ? "1" : "");
  }
  launcher.addEventListener("click", () => show(launcher.getAttribute("aria-expanded") !== "true"));
  document.addEventListener("keydown", (event) => event.key === "Escape" && show(false));
  const mount = () => {
    document.body.append(host);
    show(sessionStorage.getItem(OPEN) === "1");
  };
  if (document.body) mount();
  else addEventListener("DOMContentLoaded", mount);
})();
