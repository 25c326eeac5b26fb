/* Sends what people do, in place. Nothing is shown as sent before the answer says so; until then it is kept.
   Without this script the same forms are posted by the browser. Whatever people wrote becomes text, never markup. */
(() => {
  "use strict";
  const $ = (id) => document.getElementById("planmark-" + id);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const data = JSON.parse($("data").textContent), words = $("words").dataset, people = data.people;
  const fill = (text, ...values) => text.replace(/{}/g, () => values.shift());
  const isolated = (text) => `\u2068${text}\u2069`;
  const say = (text) => { $("status").textContent = text; };
  const element = (tag, name, ...inside) => {
    const made = document.createElement(tag);
    made.className = name;
    made.append(...inside);
    return made;
  };
  const mark = (name) => {
    const made = $$(".sprite + * .mark, .legend .mark, .mark")[0].cloneNode(true);
    made.setAttribute("class", "mark");
    made.firstElementChild.setAttribute("href", "#mark-" + name);
    return made;
  };

  /* Kept for this plan alone: in the browser, else as long as the page is open. */
  const key = "planmark:" + data.plan;
  const store = (name) => {
    let memory;
    return {
      read: () => {
        try { return memory || JSON.parse(window[name].getItem(key)) || {}; } catch { return {}; }
      },
      write: (value) => {
        memory = value;
        try { window[name].setItem(key, JSON.stringify(value)); memory = 0; } catch { /* full, or forbidden */ }
      },
    };
  };
  const tab = store("sessionStorage"), local = store("localStorage");
  const kept = () => ({ out: [], sent: [], ...local.read() });
  const change = (by) => { const all = kept(); by(all); local.write(all); };
  let files = [];  /* acts with a file, which cannot be stored */
  const pending = () => [...kept().out, ...files];
  const drop = (id) => {
    files = files.filter((one) => one.id !== id);
    change((all) => { all.out = all.out.filter((one) => one.id !== id); });
  };
  const update = (id, values) => {
    for (const one of files) if (one.id === id) Object.assign(one, values);
    change((all) => { for (const one of all.out) if (one.id === id) Object.assign(one, values); });
  };

  /* The personal link: taken out of the address, kept while the tab is open. */
  const day = (date) => new Date(date).toLocaleDateString(document.documentElement.lang, { dateStyle: "medium" });
  const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 6e4).toISOString().slice(0, 10);
  const first = (name) => name.match(/^\S+[^.\s](?=\s|$)/)?.[0] || name;
  let me, link;
  const arrive = () => {
    const hash = new URLSearchParams(location.hash.slice(1));
    me = tab.read();
    if (hash.has("t")) {
      tab.write(me = { ...me, t: hash.get("t") });
      hash.delete("t");
      history.replaceState(null, "", location.pathname + location.search + ("#" + (hash.has("k") ? hash : hash.get("at") || "")).replace(/^#$/, ""));
    }
    link = {};
    try {
      const [ref, , until] = JSON.parse(atob(me.t.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")));
      link = { ...people[ref], ref, until, ended: until < today() };
    } catch { /* none, or none that can be read here */ }
    for (const place of $$("[data-greeting]")) {
      if (link.ended) place.textContent = fill(words.ended, day(link.until));
      else if (link.name) place.replaceChildren(element("strong", "", fill(words.greeting, first(link.name))), " " + words.goes);
    }
    for (const list of $$(".steps")) {
      const mine = $$(".step", list).filter((step) => step.dataset.owners.split(" ").includes(link.id));
      list.prepend(...mine);
      for (const step of mine) step.classList.add("is-mine");
    }
    for (const sign of $$("[data-can]")) sign.hidden = link.id && !sign.dataset.can.split(" ").includes(link.id);
  };

  /* What was done since the page was built. */
  const shapes = { done: "done", approved: "done", declined: "blocked", reopened: "todo" };
  const shown = new Set([...data.told, ...$$("[data-event]").map((one) => one.dataset.event)]);
  const fresh = new Set(), news = [], states = {};
  const isCheck = (kind) => kind === "done" || kind === "reopened";
  const placeOf = (kind, on) => (kind === "signed" ? "plan/signed" : on);
  const moment = (text) => text.replace(/\.?(\d*)Z$/, (_, part) => "." + part.padEnd(6, 0));
  const when = (time) => (day(time) === day(Date.now()) ? words.today : day(time));
  const person = (event) => people[event.by] || Object.values(people).find((one) => one.id === event.by);
  const who = (event) => {
    const known = person(event);
    const how = element("span", "how", known ? fill(words.link, first(known.name)) : event.by ? words.unknown
      : event.name ? fill(words.named, isolated(event.name)) : words.nameless);
    return known ? [element("strong", "", known.name), " ", how] : [how];
  };
  const valued = (what, value) => (what === "date" ? day(value) : $$("option").find((one) => what === "owner" && one.value === value)?.textContent || value);
  const setState = (on, kind) => {
    states[on] = shapes[kind];
    for (const item of $$(".task-line").filter((one) => one.dataset.item === on)) {
      const task = $$(".task", item)[0];
      task.className = "task is-" + shapes[kind];
      $$("summary > .mark use", task)[0].setAttribute("href", "#mark-" + shapes[kind]);
      $$(".task-state", task)[0].textContent = ", " + words[kind];
      $$(".task-when .flag", task).map((flag) => flag.remove());
      for (const button of $$("[name=pm_kind]", item).filter((one) => isCheck(one.value))) button.value = states[on] === "done" ? "reopened" : "done";
      for (const word of $$(".check-word", item)) word.textContent = states[on] === "done" ? words.reopened : words.check;
    }
  };
  const talk = (event, list) => {
    const initials = (person(event)?.name || event.name || "–").split(/\s+/).map((word) => [...word][0]);
    const text = element("p", "said-text", event.text || "");
    text.dir = "auto";
    const label = event.what ? words[event.what] : event.kind !== "comment" ? words[event.kind] + (event.value ? ": " : "") : "";
    list.append(element("li", "", element("span", "badge by-buyer", initials[0] + (initials[1] ? initials.at(-1) : "")), element("div", "",
      element("p", "said-who", ...who(event), " ", element("span", "said-day", when(event.received))),
      element("p", "said-what", label, label && isolated(valued(event.what, event.value || ""))), text,
      element("p", "said-answer", event.what ? words.open : ""))));
  };
  const show = (event) => {
    const { id, kind, on } = event;
    if (shown.has(id)) return false;
    shown.add(id);
    if (shapes[kind]) setState(on, kind);
    if (isCheck(kind) || kind === "agreed" || kind === "signed") news.push(event);
    else for (const list of $$(".said").filter((one) => one.dataset.said === on)) talk(event, list);
    return true;
  };
  const told = (event) => {
    const { kind, name, received } = event, known = person(event);
    if (kind === "signed") return [known ? fill(words.toldSigned, known.name, day(received), isolated(name)) : fill(words.toldNamed, isolated(name), day(received))];
    return [words[kind === "agreed" && event.value ? "toldDate" : "told" + kind[0].toUpperCase() + kind.slice(1)], ...who(event), ", " + when(received)];
  };

  /* A line for what became of each act, wherever its item stands. */
  const marks = { sending: "doing", kept: "late", refused: "risk", waiting: "todo", sent: "done" };
  let now;
  const stateOf = (one) => (one.at ? (one.waits ? "waiting" : "sent") : one.error ? "refused" : one.id === now ? "sending" : "kept");
  const sentence = (one, state) => (state !== "kept" ? fill(words[state], one.error)
    : (navigator.onLine ? location.protocol === "file:" ? words.local : words.kept : words.offline) + (one.file ? " " + words.held : ""));
  const line = (one) => {
    const state = stateOf(one), { pm_kind: kind, pm_text: text, pm_what: what, pm_value: value } = one.f;
    const quoted = kind === "signed" ? "" : what ? valued(what, value) : one.name || text || "";
    const button = (name, act) => {
      const made = element("button", "", words[name]);
      made.dataset.key = one.id + name;
      made.onclick = act;
      return made;
    };
    return element("li", "fate is-" + state, mark(marks[state]), element("strong", "", words[kind]),
      quoted && element("q", "", quoted.slice(0, 140)), element("span", "", sentence(one, state)),
      ...(state === "kept" ? [button("now", flush)] : []),
      ...(state === "refused" ? [button("retry", () => { update(one.id, { error: "" }); flush(); })] : []),
      ...(state === "kept" || state === "refused" ? [button("remove", () => { drop(one.id); paint(); })] : []),
      ...(kind === "done" && one.at ? [button("undo", () => queue({ ...one.f, pm_kind: "reopened" }))] : []));
  };
  const paint = () => {
    const waits = pending(), rows = [...kept().sent.filter((one) => (one.waits ? !shown.has(one.id) : fresh.has(one.id))), ...waits];
    const focused = document.activeElement.dataset.key, lists = $$("[data-fates]");
    const here = new Set(lists.map((list) => list.dataset.fates));
    for (const list of lists) {
      const place = list.dataset.fates;
      list.replaceChildren(
        ...news.filter((one) => placeOf(one.kind, one.on) === place && !fresh.has(one.id) && (!isCheck(one.kind) || news.findLast((other) => other.on === one.on && isCheck(other.kind)) === one))
          .map((one) => element("li", "fate is-news", mark("done"), element("span", "", ...told(one)))),
        ...rows.filter((one) => {
          const its = placeOf(one.f.pm_kind, one.f.pm_item);
          return its === place || !place && !one.at && !here.has(its);
        }).map(line));
    }
    $$("[data-key]").find((one) => one.dataset.key === focused && one.offsetParent)?.focus();
    const busy = waits.find((one) => one.id === now)?.f;
    for (const one of $$("[name=pm_kind]")) one.disabled = busy && one.value === busy.pm_kind && one.form.elements.pm_item.value === busy.pm_item;
    for (const step of $$(".step")) {
      const own = rows.findLast((one) => one.f.pm_item === step.dataset.item && isCheck(one.f.pm_kind));
      step.classList.toggle("is-said", own ? own.f.pm_kind === "done" : states[step.dataset.item] === "done");
    }
  };

  /* Sending: in order, in one tab at a time. */
  const count = ({ id, f, by, name, at }) => show({
    id, on: f.pm_item, kind: f.pm_kind, by, name: f.pm_name, text: f.pm_text, what: f.pm_what, value: name || f.pm_value, received: at,
  });
  const arrived = (one, answer) => {
    const { pm_token: token, ...f } = one.f;
    const waits = answer.standing ? answer.standing === "waiting" : !token || !link.name || link.ended;
    const sent = { id: one.id, f, waits, at: new Date().toISOString(), by: link.ref, name: one.name };
    drop(one.id);
    change((all) => {
      all.sent = [...all.sent.filter((other) => !isCheck(f.pm_kind) || other.f.pm_item !== f.pm_item || !isCheck(other.f.pm_kind)), sent];
    });
    fresh.add(one.id);
    if (!waits) count(sent);
    return sent;
  };
  let delay = 0, timer;
  const send = async (one) => {
    now = one.id;
    paint();
    say(words.sending);
    const body = one.file ? new FormData() : new URLSearchParams();
    const fields = { ...data.fields, ...one.f, pm_payload: JSON.stringify(one.f) };
    for (const name in fields) body.append(name, fields[name]);
    if (one.file) body.append("pm_file", one.file);
    let code = 0, wait, answer, ok;
    try {
      const reply = await fetch(data.action, { method: "POST", body, headers: { Accept: "application/json" }, credentials: "omit" });
      ({ ok, status: code } = reply);
      wait = reply.headers.get("Retry-After") * 1e3;
      answer = await reply.json();
    } catch { /* no answer, half of one, or one that is not for programs */ }
    now = 0;
    if (ok && (!data.ok || String(answer?.[data.ok]) === "true")) {
      delay = 0;
      one = arrived(one, answer || {});
    } else if (ok ? answer : code >= 400 && code < 500 && ![408, 409, 425, 429].includes(code)) {
      one.error = answer?.message || answer?.error || fill(words.code, code);
      update(one.id, { error: String(one.error) });
    } else {
      delay = Math.min(delay * 2 || 2e3, 3e5);
      clearTimeout(timer);
      timer = setTimeout(flush, wait || delay * (1 + Math.random() / 4));
    }
    say(words[one.f.pm_kind] + ". " + sentence(one, stateOf(one)));
    return one.at || one.error;
  };
  let running, again;
  const flush = async () => {
    again = true;
    if (running) return;
    running = true;
    const all = async () => {
      for (const one of pending()) if (!one.error && !await send(one)) break;
    };
    while (again) {
      again = false;
      await (navigator.locks ? navigator.locks.request(key, all).catch(all) : all());
    }
    running = false;
    paint();
  };
  const queue = (fields, file) => {
    const bytes = crypto.getRandomValues(new Uint8Array(10));
    const hex = Date.now().toString(16).padStart(12, 0) + [...bytes].map((byte) => byte.toString(16).padStart(2, 0)).join("");
    const id = hex.replace(/(.{8})(.{4}).(.{3}).(.{3})(.{12})/, "$1-$2-7$3-8$4-$5");  /* a UUID of version 7 */
    const one = { id, f: { ...fields, pm_token: me.t || "", pm_event: id } };
    if (file) files.push({ ...one, file, name: file.name });
    else change((all) => { all.out.push(one); });
    flush();
  };

  /* The forms. Where no link says who it is, a name is asked for, once. */
  const askName = (form) => {
    if (link.name || form.elements.pm_name) return;
    const input = element("input", "");
    Object.assign(input, { name: "pm_name", maxLength: 120, autocomplete: "name", required: true, value: me.name || "" });
    let at = $$("button", form)[0];
    if (form.id) {  /* the mark beside a line has no room for it: its twin in the open task has */
      at = $$(`[form="${form.id}"]`)[0];
      at.closest("details").open = true;
      input.setAttribute("form", form.id);
    }
    at.before(element("label", "field", element("span", "", words.name), input), element("p", "act-note", words.confirms));
  };
  document.addEventListener("toggle", ({ target }) => {
    if (!target.open || !target.matches(".ask")) return;
    $$("form", target).map(askName);
    for (const input of $$(".act-sign [type=date]", target)) input.value ||= today();
  }, true);
  document.addEventListener("submit", (event) => {
    const form = event.target, fields = {}, ask = form.closest(".ask");
    if (!form.matches(".act")) return;
    event.preventDefault();
    for (const [name, value] of new FormData(form)) {
      if (/^pm_(v|plan|item|rev|text|what|value|name)$/.test(name) || value && name === $$(".trap", form)[0].name) fields[name] = value;
    }
    fields.pm_name = (fields.pm_name || link.name || me.name || "").trim();
    if (!fields.pm_name) {
      askName(form);
      form.elements.pm_name.focus();
      return;
    }
    if (!link.name) tab.write(me = { ...me, name: fields.pm_name });
    queue({ ...fields, pm_kind: event.submitter.value }, $$("[type=file]", form)[0]?.files[0]);
    form.reset();
    if (ask) {
      ask.open = false;
      ask.firstElementChild.focus();
    }
  });

  /* What others do, while somebody looks, where the service can tell. */
  const listen = async () => {
    for (let tag = "", wait = 1e3; ; await new Promise((go) => setTimeout(go, wait))) {
      if (document.hidden) await new Promise((go) => document.addEventListener("visibilitychange", go, { once: true }));
      const stop = new AbortController();
      document.addEventListener("visibilitychange", () => stop.abort(), { once: true });
      try {
        const headers = tag ? { "If-None-Match": tag } : {};
        const reply = await fetch(data.live + "?wait=25", { headers, cache: "no-store", credentials: "omit", signal: stop.signal });
        wait = 1e3;
        if (reply.status === 304) continue;
        const { events } = await reply.json();
        tag = reply.headers.get("ETag");
        const since = events.filter((event) => moment(event.received) > (data.seen[event.on] || "")).filter(show);
        if (since.length) {
          paint();
          say(since.map((event) => `${person(event)?.name || event.name || ""}: ${words[event.kind]}`).join(". "));
        }
      } catch {
        wait = Math.min(wait * 2, 3e5);
      }
    }
  };

  arrive();
  addEventListener("hashchange", arrive);
  change((all) => { all.sent = all.sent.filter((one) => Date.now() - Date.parse(one.at) < 60 * 864e5 && !data.told.includes(one.id)); });
  for (const one of kept().sent) if (!one.waits) count(one);
  const wake = () => { if (pending().length && !document.hidden) flush(); };
  addEventListener("storage", paint);
  addEventListener("offline", paint);
  addEventListener("online", wake);
  document.addEventListener("visibilitychange", wake);
  paint();
  wake();
  if (data.live) listen();
})();
