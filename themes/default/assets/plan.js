/* Comfort only: nothing is stored or sent. */
(() => {
  "use strict";
  const $$ = (selector, root = document) => root.querySelectorAll(selector);

  /* A link opens what it leads to: `#task-nda` or `#t=…&at=task-nda`. */
  const open = (hash) => {
    let id = new URLSearchParams(hash.slice(1)).get("at") || "";
    try { id ||= decodeURIComponent(hash.slice(1)); } catch { return; }
    const target = id && document.getElementById(id);
    if (!target) return;
    for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", () => open(location.hash));
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest('a[href^="#"]');
    if (!link) return;
    const contents = link.closest(".contents details");
    if (contents) contents.open = false;
    if (link.hash === location.hash) open(link.hash);
  });
  open(location.hash);

  /* "in 68 days", where the reader is. */
  const now = new Date();
  const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "auto" });
  for (const element of $$("[data-relative]")) {
    const days = Math.round((Date.parse(element.dataset.relative) - today) / 864e5);
    if (Number.isNaN(days)) continue;
    element.textContent = (element.dataset.text || "{}").replace("{}", words.format(days, "day"));
  }

  /* Paper shows everything. */
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...$$("main details:not([open])")];
    for (const box of closed) box.open = true;
  });
  addEventListener("afterprint", () => {
    for (const box of closed) box.open = false;
    closed = [];
  });
})();
