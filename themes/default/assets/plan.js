/* Comfort only: nothing is stored or sent. The script that sends follows in the same scope, and uses these four. */
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const latin = (document.documentElement.lang || "en") + "-u-nu-latn";
const fill = (text, ...values) => text.replace(/{(\d)}/g, (_, place) => values[place]);
/* The day where the reader is: 2026-11-25. */
const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 6e4).toISOString().slice(0, 10);

{

  /* A link opens what it leads to: `#task-nda` or `#t=…&at=task-nda`. */
  const open = (hash) => {
    let id = new URLSearchParams(hash.slice(1)).get("at") || "";
    try { id ||= decodeURIComponent(hash.slice(1)); } catch { return; }
    const target = id && document.getElementById(id);
    if (!target) return;
    for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    if (!target.checkVisibility()) for (const choice of $$(".sieve option:first-child, .sieve [value=on]")) choice.selected = choice.checked = true;
    target.scrollIntoView();
  };
  const [contents] = $$(".contents");
  const close = () => { if (contents) contents.open = false; };
  addEventListener("hashchange", () => open(location.hash));
  addEventListener("click", ({ target }) => {
    const link = target.closest?.('a[href^="#"]');
    if (link || !contents?.contains(target)) close();
    if (link && link.hash === location.hash) open(link.hash);
  });
  contents?.addEventListener("focusout", ({ relatedTarget: next }) => { if (next && !contents.contains(next)) close(); });
  contents?.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    close();
    contents.firstElementChild.focus();
  });
  open(location.hash);

  /* The bar names the plan once the masthead has gone. */
  const [bar] = $$(".bar");
  if (bar) new IntersectionObserver(([{ isIntersecting }]) => bar.classList.toggle("is-stuck", !isIntersecting)).observe($$(".masthead")[0]);

  /* "in 68 days", where the reader is. */
  const days = (date) => (Date.parse(date) - Date.parse(today())) / 864e5;
  const words = new Intl.RelativeTimeFormat(latin, { numeric: "auto" });
  const away = (date) => words.format(days(date), "day");
  for (const one of $$("[data-relative]")) one.textContent = fill(one.dataset.text || "{0}", away(one.dataset.relative));

  /* In a task that opens: a closed line stays calm. */
  addEventListener("toggle", ({ target: task }) => {
    const [due] = $$("summary .task-due time", task), [side] = $$(".task-side", task);
    if (due && side && !task.matches(".is-done, .is-dropped")) side.dataset.near = away(due.dateTime);
  }, true);

  /* What has become late since the build. */
  const [late] = $$("[data-late]");
  let count = late && +late.dataset.count;
  if (late) for (const line of $$(":is(.task.is-todo, .task.is-doing) > summary, .step:not(.is-late)")) {
    const [due] = $$(":is(.task-due, .step-when) time", line);
    if (!due || days(due.dateTime) >= 0) continue;
    const { word } = late.dataset, [mark] = $$(":scope > .mark use", line), { classList } = line.closest(".task, .step");
    classList.remove("is-todo", "is-doing");
    classList.add("is-late");
    $$(".flag", line)[0]?.remove();
    $$(".task-when, .step-who", line)[0].dataset.now = word;
    if (!mark) continue;
    mark.setAttribute("href", "#mark-late");
    $$(".task-state", line)[0].textContent = ", " + word;
    late.textContent = fill(late.dataset.late, (++count).toLocaleString(latin));
  }

  /* The timeline's line, at the plan's version until then, moves to today. */
  const [line] = $$(".road .now"), [entry] = $$(".timeline .now");
  if (line) {
    const { first, last, start, end } = line.dataset, share = days(first) / (days(first) - days(last));
    line.setAttribute("visibility", share >= 0 && share <= 1 ? "visible" : "hidden");
    line.setAttribute("transform", `translate(${+start + (end - start) * share})`);
    line.lastElementChild.textContent = entry.dataset.today;
  }
  if (entry) {
    const next = $$(".timeline li > time").find((time) => days(time.dateTime) >= 0);
    entry.hidden = !next;
    entry.textContent = entry.dataset.today;
    next?.parentElement.before(entry);
  }

  /* How many tasks a choice leaves, and no stage that has none. */
  const shown = (task) => task.checkVisibility();
  for (const sieve of $$(".sieve")) {
    const section = sieve.closest(".section"), tasks = $$(".tasks > *", section), [left] = $$("[data-count]", sieve);
    const choose = () => {
      for (const stage of $$(".stage", section)) {
        const own = $$(".tasks > *", stage);
        stage.classList.remove("is-empty");
        stage.classList.toggle("is-empty", own.length && !own.some(shown));
      }
      const seen = tasks.filter(shown).length;
      left.textContent = seen < tasks.length ? fill(left.dataset.count, ...[seen, tasks.length].map((number) => number.toLocaleString(latin))) : "";
    };
    sieve.addEventListener("change", choose);
    choose();  /* a browser may bring a choice back */
  }

  /* Paper shows everything. */
  let closed;
  const paper = ({ type }) => {
    const before = type === "beforeprint";
    if (before) closed = $$("main details:not([open])");
    for (const box of closed) box.open = before;
  };
  addEventListener("beforeprint", paper);
  addEventListener("afterprint", paper);
}
