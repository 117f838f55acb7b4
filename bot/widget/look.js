// How deep-chat looks: every colour is one of the page's custom properties.

const bubble = {
  maxWidth: "85%",
  padding: "0.6rem 0.85rem",
  borderRadius: "1.1rem",
  fontSize: "1rem",
  lineHeight: "1.45",
  marginTop: "0.35rem",
  whiteSpace: "pre-wrap",
  overflowWrap: "anywhere",
  textAlign: "start",
};

export const messageStyles = {
  default: {
    shared: { bubble, innerContainer: { fontSize: "1rem" } },
    user: {
      bubble: {
        backgroundColor: "var(--accent)",
        color: "var(--accent-ink)",
        borderBottomRightRadius: "0.3rem",
      },
    },
    ai: {
      bubble: {
        backgroundColor: "var(--surface)",
        color: "var(--ink)",
        border: "1px solid var(--line)",
        borderBottomLeftRadius: "0.3rem",
      },
    },
  },
  html: {
    shared: {
      bubble: {
        maxWidth: "100%",
        padding: "0",
        border: "none",
        backgroundColor: "unset",
        marginTop: "0.1rem",
      },
    },
  },
  loading: {
    message: {
      styles: { bubble: { backgroundColor: "var(--surface)", padding: "0.8rem 1.1rem" } },
    },
  },
};

export const textInput = (touch) => ({
  placeholder: { text: "Ask about your money…", style: { color: "var(--muted)" } },
  characterLimit: 1000,
  styles: {
    container: {
      width: "100%",
      margin: "0.5rem 0.75rem 0.75rem",
      border: "1px solid var(--line)",
      borderRadius: "1.4rem",
      backgroundColor: "var(--surface)",
      boxShadow: "none",
    },
    text: {
      padding: "0.7rem 3rem 0.7rem 3rem",
      color: "var(--ink)",
      // Below 16 px phones zoom into the field.
      fontSize: touch ? "16px" : "1rem",
      lineHeight: "1.4",
    },
    focus: { border: "1px solid var(--accent)" },
  },
});

const round = (colour, side) => ({
  width: "2.2rem",
  height: "2.2rem",
  margin: "0",
  borderRadius: "50%",
  bottom: "1.08rem",
  [side]: "1.1rem",
  display: "flex",
  alignItems: "center",
  justifyContent: "center",
  backgroundColor: colour,
});

const SEND =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="white" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"><path d="M12 19V5M5.5 11.5 12 5l6.5 6.5"/></svg>';
const CLIP =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="22" height="22" fill="none" stroke="#7b8a83" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><path d="m20.5 11.5-8.6 8.6a5.6 5.6 0 0 1-7.9-7.9l8.9-8.9a3.7 3.7 0 0 1 5.3 5.3l-8.6 8.5a1.9 1.9 0 0 1-2.7-2.6l7.9-7.8"/></svg>';

const send = { container: { default: round("var(--accent)", "right") }, svg: { content: SEND } };

export const submitButtonStyles = {
  position: "inside-end",
  submit: send,
  loading: send,
  disabled: { container: { default: { ...round("var(--line)", "right"), cursor: "default" } }, svg: { content: SEND } },
  alwaysEnabled: false,
};

export const attachButton = (onClick) => ({
  position: "inside-start",
  tooltip: { text: "Add a bank file" },
  styles: {
    button: {
      default: { container: { default: round("transparent", "left") }, svg: { content: CLIP } },
    },
  },
  onClick,
});

export const auxiliaryStyle = `
  #messages { padding: 0.5rem 0.75rem 0.75rem; }
  ::-webkit-scrollbar { width: 8px; }
  ::-webkit-scrollbar-thumb { background-color: var(--line); border-radius: 4px; }
  ::-webkit-scrollbar-track { background-color: transparent; }
  #scroll-button, #scroll-button:hover {
    background-color: var(--surface); border: 1px solid var(--line); color: var(--ink);
  }
  .chips { display: flex; flex-wrap: wrap; gap: 0.4rem; margin: 0.15rem 0 0.35rem; }
  .chip {
    min-height: 2.2rem; padding: 0.3rem 0.85rem;
    border: 1px solid var(--chip-line); border-radius: 1.1rem;
    background: var(--chip); color: var(--ink);
    font: 500 0.92rem/1.3 var(--font); text-align: start; cursor: pointer;
  }
  a.file { color: var(--accent); font-weight: 600; }
  .chip.part { border-style: dashed; background: transparent; }
  .chip.part::after { content: "▾"; margin-inline-start: 0.35rem; color: var(--muted); }
  .chart {
    width: min(calc(100vw - 5rem), 30rem); min-height: 6rem; margin: 0.15rem 0;
    padding: 0.6rem 0.5rem; overflow: hidden;
    border: 1px solid var(--line); border-radius: 1.1rem; background: var(--surface); color: var(--ink);
  }
  .chart > div { width: 100%; }
  .chart svg { display: block; }
  .chip:hover, .chip:focus-visible { border-color: var(--accent); outline: none; box-shadow: 0 0 0 2px var(--chip-line); }
`;
