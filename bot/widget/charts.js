// Charts drawn where they stand, by Vega, which is loaded with the first of them.

const specs = new Map(); // by the place of their message
const drawn = new Map(); // figures and their views
const dark = matchMedia("(prefers-color-scheme: dark)");

// Okabe and Ito's colours, those of them that stand out from the page's own background.
const COLOURS = {
  light: { main: "#0072B2", other: "#D55E00" },
  dark: { main: "#56B4E9", other: "#E69F00" },
};

function colours() {
  const page = getComputedStyle(document.documentElement);
  const of = (name) => page.getPropertyValue(name).trim();
  const { main, other } = COLOURS[dark.matches ? "dark" : "light"];
  const ink = of("--ink");
  const muted = of("--muted");
  return {
    background: "transparent",
    font: of("--font"),
    bar: { color: main },
    line: { color: main },
    area: { color: main },
    point: { color: other },
    text: { color: ink },
    title: { color: ink, subtitleColor: muted },
    axis: { labelColor: ink, gridColor: of("--line") },
    axisQuantitative: { labelColor: muted },
    style: {
      ground: { color: muted },
      even: { color: muted },
      empty: { color: other },
      cap: { color: other },
    },
  };
}

function script(name) {
  return new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = `/assets/vendor/${name}.js`;
    element.onload = resolve;
    element.onerror = reject;
    document.head.append(element);
  });
}

let loading;
const load = () =>
  (loading ??= script("vega")
    .then(() => script("vega-lite"))
    .then(() => import("./vendor/vega-interpreter.js")));

async function draw(figure) {
  const spec = specs.get(figure.dataset.chart);
  try {
    const { expressionInterpreter } = await load();
    const { vega, vegaLite } = window;
    const config = vega.mergeConfig({}, spec.config, colours());
    const fluid = { ...spec, width: "container", padding: 4, config };
    const runtime = vega.parse(vegaLite.compile(fluid).spec, null, { ast: true });
    // Nothing may be loaded: data stands in the specification.
    const loader = { load: () => Promise.reject(new Error("closed")), sanitize: () => Promise.reject(new Error("closed")) };
    const options = { renderer: "svg", hover: true, expr: expressionInterpreter, loader };
    const view = new vega.View(runtime, { ...options, container: figure.firstElementChild });
    drawn.get(figure)?.finalize();
    drawn.set(figure, view);
    await view.runAsync();
  } catch (error) {
    console.warn("A chart was not drawn:", error.message);
    figure.textContent = spec.description;
    figure.removeAttribute("role");
  }
}

dark.addEventListener("change", () => [...drawn.keys()].forEach(draw));

// The element's label is its figures in words; what is drawn inside is hidden from readers.
export function chart({ seq, chart: spec }) {
  specs.set(String(seq), spec);
  const figure = document.createElement("figure");
  figure.className = "chart";
  figure.dataset.chart = seq;
  figure.setAttribute("role", "img");
  figure.setAttribute("aria-label", spec.description);
  const plot = document.createElement("div");
  plot.setAttribute("aria-hidden", "true");
  figure.append(plot);
  return { role: "ai", html: figure.outerHTML };
}

const known = new WeakSet();

// Charts are drawn however and whenever they came in, the newest first; the chat may build its log
// anew from what it holds.
export function watch(root, onDrawn) {
  if (known.has(root)) return;
  known.add(root);
  let last = Promise.resolve();
  const look = () => {
    const figures = [...root.querySelectorAll("figure.chart")].filter((one) => !known.has(one));
    for (const figure of figures.reverse()) {
      known.add(figure);
      last = last.then(() => draw(figure)).then(() => onDrawn(figure));
    }
  };
  new MutationObserver(look).observe(root, { childList: true, subtree: true });
  look();
}
