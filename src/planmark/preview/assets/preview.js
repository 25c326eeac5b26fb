/* The preview in the page: reloads when the page has changed, and shows what is wrong over the last good one.
   It obeys the page's own policy: no inline script or style, texts as texts, elements made one by one. */
(() => {
  "use strict";

  /* The version that this page was made from, as its answer said. What happened since then is not lost: the server says which
     version it should be as soon as the line is open. A browser that does not tell takes the first version it hears. */
  const [entry] = performance.getEntriesByType("navigation");
  const timing = entry && entry.serverTiming && entry.serverTiming.find((one) => one.name === "planmark");
  let version = timing ? timing.description : null;
  let leaving = false;
  const reload = () => {
    if (leaving) return;
    leaving = true;
    location.reload();
  };

  const STYLE = `
    :host { all: initial; position: fixed; inset: 0; z-index: 2147483647; pointer-events: none; color-scheme: dark;
      font: 15px/1.5 ui-sans-serif, system-ui, sans-serif; color: #eef0f0; }
    * { box-sizing: border-box; }
    section, button, a { pointer-events: auto; }
    [hidden] { display: none !important; }
    section { position: absolute; inset: auto 0 0 0; max-height: 78%; overflow: auto; background: #14181a; border-top: 4px solid #ff7a6b;
      box-shadow: 0 -12px 48px #0006; padding: 20px max(20px, calc(50% - 30rem)) 28px; }
    section.mild { border-top-color: #e6b450; }
    header { display: flex; gap: 16px; align-items: baseline; justify-content: space-between; }
    h2 { font: inherit; font-size: 19px; font-weight: 650; margin: 0; }
    h3 { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; margin: 22px 0 2px; color: #aeb7b9; user-select: all; overflow-wrap: anywhere; }
    p { margin: 0; overflow-wrap: anywhere; }
    p.hint { color: #9fd8c4; }
    pre { margin: 10px 0 0; padding: 10px 0; overflow-x: auto; background: #0c0f10; border-radius: 6px; tab-size: 2;
      font: 13px/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
    pre span { display: block; width: max-content; min-width: 100%; padding: 0 14px; color: #aeb7b9; white-space: pre; }
    pre span.marked { background: #45221e; color: #fff; }
    section.mild pre span.marked, article.warning pre span.marked { background: #3d321a; }
    pre i { font-style: normal; display: inline-block; min-width: 3.2em; padding-inline-end: 1.2em; text-align: end; color: #78858a; user-select: none; }
    button { font: inherit; white-space: nowrap; flex: none; font-size: 14px; color: inherit; background: none; border: 1px solid #566064; border-radius: 6px; padding: 4px 12px; cursor: pointer; }
    button:focus-visible { outline: 2px solid #fff; outline-offset: 2px; }
    button.badge { position: absolute; inset: auto 16px 16px auto; background: #14181a; border-color: #e6b450; box-shadow: 0 4px 20px #0004; }
    button.badge.severe { border-color: #ff7a6b; }
    a.internal { position: absolute; inset: auto auto 16px 16px; background: #14181a; border: 1px solid #566064; border-radius: 6px; padding: 4px 12px;
      color: inherit; font-size: 14px; text-decoration: none; box-shadow: 0 4px 20px #0004; }
    a.internal:focus-visible { outline: 2px solid #fff; outline-offset: 2px; }
    @media print { :host { display: none; } }`;

  const element = (name, text = "", kind = "") => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (kind) made.className = kind;
    return made;
  };

  let host = null, panel = null, chip = null;
  let told = null, shown = "", folded = false, unfolded = false, lost = false;

  /* The overlay lives in a shadow tree, so that neither the page's style reaches it nor its own the page. */
  const prepare = () => {
    if (host) return;
    host = element("planmark-problems");
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    panel = element("section");
    panel.setAttribute("role", "region");
    panel.setAttribute("aria-label", "Problems in this plan");
    chip = element("button", "", "badge");
    chip.type = "button";
    chip.addEventListener("click", () => { folded = false; unfolded = true; draw(); });
    root.append(panel, chip);
    document.documentElement.append(host);
    addEventListener("keydown", (event) => { if (event.key === "Escape" && !panel.hidden) fold(); });
  };

  const fold = () => { folded = true; unfolded = false; draw(); };

  const article = (problem) => {
    const made = element("article", "", problem.severity);
    made.append(element("h3", [problem.place, problem.code].filter(Boolean).join("  ")), element("p", problem.message));
    if (problem.hint) made.append(element("p", problem.hint, "hint"));
    if (problem.lines.length) {
      const source = element("pre");
      for (const [number, text, marked] of problem.lines) {
        const line = element("span", "", marked ? "marked" : "");
        line.append(element("i", String(number)), document.createTextNode(text || " "));
        source.append(line);
      }
      made.append(source);
    }
    return made;
  };

  /* Errors of this page stand open until they are mended or folded away; all else is a badge that opens on a click. */
  const draw = () => {
    const blocking = told ? told.blocking : [], others = told ? told.others : [];
    if (!blocking.length && !others.length && !lost) {
      if (host) host.remove();
      host = null;
      folded = unfolded = false;
      return;
    }
    prepare();
    const open = (blocking.length && !folded) || unfolded;
    const count = blocking.length === 1 ? "1 error" : blocking.length + " errors";
    panel.hidden = !open;
    panel.className = blocking.length ? "" : "mild";
    panel.replaceChildren();
    if (open) {
      const head = element("header");
      const close = element("button", "Fold away");
      close.type = "button";
      close.addEventListener("click", fold);
      head.append(element("h2", !blocking.length ? told.badge : count + (told.built ? " to mend: this is the last good page" : " to mend")), close);
      panel.append(head, ...blocking.map(article), ...(unfolded || !blocking.length ? others : []).map(article));
      if (told.more) panel.append(element("p", "… and " + told.more + " more"));
    }
    const parts = [lost ? "The preview does not answer" : "", blocking.length && !open ? count : "", told ? told.badge : ""];
    chip.textContent = parts.filter(Boolean).join(", ");
    chip.className = blocking.length || lost ? "badge severe" : "badge";
    chip.hidden = !chip.textContent || Boolean(open && !lost && (unfolded || !blocking.length));
  };

  /* The way to what only the seller sees, on the machine that shows the preview. The page itself knows nothing of it. */
  let door = null;
  const show = (address) => {
    if (!address || door) return;
    door = element("planmark-internal");
    const root = door.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    const link = element("a", "Close plan", "internal");
    link.href = address;
    link.title = "Internal: what only you see of this deal";
    root.append(link);
    document.documentElement.append(door);
  };

  const hear = (message) => {
    if (message.command === "reload") {
      reload();
    } else if (message.command === "planmark") {
      if (version === null) version = message.version;
      if (message.version !== version) return reload();
      lost = false;
      const news = JSON.stringify(message.blocking);
      if (news !== shown) folded = false;
      shown = news;
      told = message;
      show(message.internal);
      draw();
    } else if (message.command === "lost") {
      lost = true;
      setTimeout(() => { if (lost && !leaving) draw(); }, 1500);
    }
  };

  /* A page that requires Trusted Types takes a worker's address only from a policy; ours knows this one address. */
  const address = "/_planmark/live.js";
  const policy = self.trustedTypes ? trustedTypes.createPolicy("planmark-preview", { createScriptURL: () => address }) : null;
  const line = new Worker(policy ? policy.createScriptURL("") : address);
  line.addEventListener("message", (event) => hear(event.data));
  const call = () => line.postMessage(location.href);
  call();
  addEventListener("pageshow", (event) => { if (event.persisted) { leaving = false; call(); } });
  addEventListener("online", call);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) call(); });
})();
