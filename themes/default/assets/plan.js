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
    if (!target.getClientRects().length) for (const choice of $$(".sieve option:first-child, .sieve [value=on]")) choice.selected = choice.checked = true;
    target.scrollIntoView();
  };
  const contents = $$(".contents")[0];
  addEventListener("hashchange", () => open(location.hash));
  document.addEventListener("click", ({ target }) => {
    const link = target.closest && target.closest('a[href^="#"]');
    if (contents && (link || !contents.contains(target))) contents.open = false;
    if (link && link.hash === location.hash) open(link.hash);
  });
  contents?.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !contents.contains(relatedTarget)) contents.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && contents?.open) {
      contents.open = false;
      contents.firstElementChild.focus();
    }
  });
  open(location.hash);

  /* The bar names the plan once the masthead has gone. */
  const bar = $$(".bar")[0];
  if (bar) new IntersectionObserver(([{ isIntersecting }]) => bar.classList.toggle("is-stuck", !isIntersecting)).observe($$(".masthead")[0]);

  /* "in 68 days", and what has become late since the build, where the reader is. */
  const now = new Date(), { lang } = document.documentElement;
  const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
  const days = (date) => Math.round((Date.parse(date) - today) / 864e5);
  const words = new Intl.RelativeTimeFormat((lang || "en") + "-u-nu-latn", { numeric: "auto" });
  for (const element of $$("[data-relative]")) {
    const away = days(element.dataset.relative);
    if (!Number.isNaN(away)) element.textContent = (element.dataset.text || "{}").replace("{}", words.format(away, "day"));
  }
  /* In a task that opens, how far away its date is: a closed line stays calm. */
  const near = (task) => {
    const due = task.open && task.matches(".task:not(.is-done, .is-dropped)") && $$("summary time", task)[0], side = due && $$(".task-side", task)[0];
    if (!side || $$(".task-near", side)[0]) return;
    const text = document.createElement("p");
    text.className = "task-near";
    text.textContent = words.format(days(due.dateTime), "day");
    side.prepend(text);
  };
  document.addEventListener("toggle", ({ target }) => near(target), true);
  for (const task of $$(".task[open]")) near(task);
  const late = $$("[data-late]")[0];
  if (late) {
    let more = 0;
    for (const line of $$(":is(.task.is-todo, .task.is-doing) > summary, .step:not(.is-late)")) {
      const due = $$(":is(.task-due, .step-when) time", line)[0];
      if (!due || days(due.dateTime) >= 0) continue;
      const task = line.closest(".task, .step"), mark = $$(":scope > .mark use", line)[0];
      task.classList.replace("is-todo", "is-late") || task.classList.replace("is-doing", "is-late") || task.classList.add("is-late");
      mark?.setAttribute("href", "#mark-late");
      for (const flag of $$(".flag", line)) flag.remove();
      const flag = document.createElement("span");
      flag.className = "flag is-late";
      flag.textContent = late.dataset.word;
      $$(".task-when, .step-who", line)[0].append(flag);
      if (mark) {
        more++;
        $$(".task-state", line)[0].textContent = ", " + late.dataset.word;
      }
    }
    if (more) late.textContent = late.dataset.late.replace("{}", (more + +late.dataset.count).toLocaleString(lang + "-u-nu-latn"));
  }

  /* The line of the timeline, at the plan's version until then, moves to today. */
  const line = $$(".road .now")[0], entry = $$(".timeline .now")[0];
  const day = new Date(today).toISOString().slice(0, 10);
  if (line) {
    const { first, last, start, end } = line.dataset, share = (today - Date.parse(first)) / (Date.parse(last) - Date.parse(first));
    line.setAttribute("visibility", share >= 0 && share <= 1 ? "visible" : "hidden");
    line.setAttribute("transform", `translate(${+start + (end - start) * share})`);
    line.lastElementChild.textContent = entry.dataset.today;
  }
  if (entry) {
    const all = [...$$(".timeline li > time")], next = all.find(({ dateTime }) => dateTime >= day);
    entry.hidden = !next || all[0].dateTime > day;
    entry.textContent = entry.dataset.today;
    next?.parentElement.before(entry);
  }

  /* How many tasks a choice leaves, and no stage that has none. */
  const choose = (sieve) => {
    const shown = (task) => task.getClientRects().length > 0, section = sieve.closest(".section"), tasks = [...$$(".tasks > *", section)];
    for (const stage of $$(".stage.is-empty", section)) stage.classList.remove("is-empty");
    const count = $$("[data-count]", sieve)[0], left = tasks.filter(shown).length;
    for (const stage of $$(".stage", section)) stage.classList.toggle("is-empty", $$(".tasks", stage).length > 0 && ![...$$(".tasks > *", stage)].some(shown));
    count.textContent = left < tasks.length ? [left, tasks.length].reduce((text, number) => text.replace("{}", number.toLocaleString(lang + "-u-nu-latn")), count.dataset.count) : "";
  };
  for (const sieve of $$(".sieve")) {
    sieve.addEventListener("change", () => choose(sieve));
    choose(sieve);  /* a browser may bring a choice back */
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
