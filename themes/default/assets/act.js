/* Sends the forms in place. Nothing is shown as sent before the answer says so; what people wrote becomes text, never markup.
   It follows plan.js, in the same scope. */
{
  const $ = (id) => document.getElementById("planmark-" + id);
  const at = (selector, item) => $$(selector).filter((one) => one.dataset.item === item);
  const data = JSON.parse($("data").textContent), people = new Map(Object.entries(data.people));
  const words = $("words").dataset, pieces = $("words").content.children;
  const isolated = (text) => text && `\u2068${text}\u2069`;
  const copy = (piece, ...texts) => {
    const made = pieces[piece].cloneNode(true);
    $$(":not(:has(*))", made).forEach((leaf, place) => { leaf.textContent = texts[place] || ""; });
    return made;
  };
  const say = (text) => { $("status").textContent = text; };

  /* Kept in the browser, else in memory. */
  const key = "planmark:" + data.plan;
  const store = (name) => {
    let memory;
    return {
      read: () => {
        try { return memory || JSON.parse(window[name].getItem(key)) || {}; } catch { return {}; }
      },
      write: (value) => {
        memory = value;
        try { window[name].setItem(key, JSON.stringify(value)); memory = 0; } catch {}
      },
    };
  };
  const tab = store("sessionStorage"), local = store("localStorage");
  const kept = () => ({ out: [], sent: [], ...local.read() });
  let files = [];  /* they cannot be stored */
  const pending = () => [...kept().out, ...files];
  const change = (list, by) => { const all = kept(); all[list] = by(all[list]); local.write(all); };
  const edit = (by) => { files = by(files); change("out", by); };
  const drop = ({ event }) => edit((list) => list.filter((one) => one.event !== event));
  const blame = ({ event }, error) => edit((list) => list.map((one) => (one.event === event ? { ...one, error } : one)));

  /* The personal link. */
  const day = (date) => new Date(date).toLocaleDateString(latin, { year: "numeric", month: "short", day: "numeric" });
  const first = (name) => name.match(/^\S+[^.\s](?=\s|$)/)?.[0] || name;
  let me, link;
  const arrive = () => {
    const hash = new URLSearchParams(location.hash.slice(1));
    me = tab.read();
    if (hash.has("t")) {
      tab.write(me = { t: hash.get("t") });
      hash.delete("t");
      const rest = hash.has("k") ? hash : hash.get("at") || "";
      history.replaceState(null, "", location.pathname + location.search + (rest && "#" + rest));
    }
    link = {};
    try {
      const [ref, , until] = JSON.parse(atob(me.t.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")));
      link = { ...people.get(ref), ref, until, ended: until < today() };
    } catch {}
    for (const place of $$("[data-greeting]")) {
      place.textContent = link.ended ? fill(words.ended, day(link.until)) : link.name ? fill(words.greeting, first(link.name)) : "";
    }
    for (const list of $$(".steps")) {
      const mine = $$(".step", list).filter((step) => step.classList.toggle("is-mine", step.dataset.owners.split(" ").includes(link.id)));
      list.prepend(...mine);
    }
    for (const one of $$(`.sieve [data-id="${link.id}"]`)) {
      one.textContent = words.mine;
      one.parentElement.firstChild.after(one);
    }
    for (const sign of $$("[data-can]")) sign.hidden = link.id && !sign.dataset.can.split(" ").includes(link.id);
  };

  /* What was done since the build. */
  const shapes = { done: "done", approved: "done", declined: "blocked", reopened: "todo" };
  const shown = new Set([...data.told, ...$$("[data-event]").map((one) => one.dataset.event)]);
  const fresh = new Set(), states = {};
  let news = [];
  const isCheck = (one) => /^(done|reopened)$/.test(one.kind);
  const beside = (one) => (other) => one.item !== other.item || !isCheck(one) || !isCheck(other);
  const placeOf = (one) => (one.kind === "signed" ? "plan/signed" : one.item.replace(/^section.*/, "plan"));
  const moment = (text) => text.replace(/\.?(\d*)Z$/, (_, part) => "." + part.padEnd(6, 0));
  const when = (time) => (day(time) === day(Date.now()) ? words.today : day(time));
  const who = ({ by, name }) => {
    const known = people.get(by)?.name;
    return known ? [known, fill(words.link, first(known))] : ["", by ? words.unknown : name ? fill(words.named, isolated(name)) : words.nameless];
  };
  const valued = ({ what, value }) => (what === "date" ? day(value) : value);
  const show = (one) => {
    const { event, kind, item, by, name, text, what, value, received } = one;
    if (shown.has(event)) return false;
    shown.add(event);
    if (shapes[kind]) {
      const state = states[item] = shapes[kind], done = state === "done";
      for (const line of at(".task-line", item)) {
        const task = $$(".task", line)[0];
        task.className = "task is-" + state;
        $$("summary > .mark use", task)[0].setAttribute("href", "#mark-" + state);
        $$(".task-state", task)[0].textContent = ", " + words[kind];
        for (const flag of $$("summary .flag", task)) flag.remove();
        for (const button of $$("[value=done], [value=reopened]", line)) button.value = done ? "reopened" : "done";
        for (const word of $$(".check-word", line)) word.textContent = done ? words.reopened : words.check;
      }
    }
    if (isCheck(one) || /^(agreed|signed)$/.test(kind)) news = [...news.filter(beside(one)), one];
    else {
      for (const list of at(".said", placeOf(one))) {
        const initials = (people.get(by)?.name || name || "–").replace(/^(\S).*?(?:\s(\S)\S*)?$/u, "$1$2");
        const about = isolated(what ? valued(one) : one.files?.join(", "));
        const did = words[what || kind], label = kind === "comment" ? "" : about ? fill(words.with, did, about) : did;
        list.append(copy(1, initials, ...who(one), when(received), label, text, what && words.open));
      }
    }
    return true;
  };
  const told = (one) => {
    const { kind, by, name, received, value } = one, known = people.get(by)?.name;
    if (kind === "signed") return fill(words[known ? "signedBy" : "namedBy"], known || isolated(name), day(received), isolated(name));
    return fill(words[(kind === "agreed" && value ? "date" : kind) + "By"], who(one).join(" ").trim(), when(received));
  };

  /* What became of each act. */
  const marks = { sending: "doing", kept: "late", refused: "risk", waiting: "todo" };
  let now;
  const stateOf = (one) => (one.received ? (one.waits ? "waiting" : "sent") : one.error ? "refused" : one.event === now ? "sending" : "kept");
  const sentence = (one) => (stateOf(one) !== "kept" ? fill(words[stateOf(one)], one.error)
    : (navigator.onLine ? location.protocol === "file:" ? words.local : words.kept : words.offline) + (one.file ? " " + words.held : ""));
  const row = (state, ...texts) => {
    const made = copy(0, "", ...texts);
    made.classList.add("is-" + state);
    $$("use", made)[0].setAttribute("href", "#mark-" + (marks[state] || "done"));
    return made;
  };
  const line = (one) => {
    const { kind, text, what } = one, state = stateOf(one);
    const made = row(state, words[kind], (kind !== "signed" && (what ? valued(one) : one.files?.[0] || text) || "").slice(0, 140), sentence(one));
    const button = (name, act) => {
      const button = document.createElement("button");
      button.textContent = words[name];
      button.onclick = act;
      made.append(button);
    };
    if (state === "kept") button("now", flush);
    if (state === "refused") button("retry", () => { blame(one); flush(); });
    if (/kept|refused/.test(state)) button("remove", () => { drop(one); paint(); });
    if (kind === "done" && one.received) button("undo", () => queue({ ...one, kind: "reopened" }));
    return made;
  };
  const paint = () => {
    const waits = pending(), mine = [...kept().sent.filter((one) => (one.waits ? !shown.has(one.event) : fresh.has(one.event))), ...waits];
    const lists = $$(".fates"), here = lists.map((list) => list.dataset.item);
    for (const list of lists) {
      const item = list.dataset.item, box = document.createElement("ul");
      box.append(
        ...news.filter((one) => placeOf(one) === item && !fresh.has(one.event)).map((one) => row("news", "", "", told(one))),
        ...mine.filter((one) => placeOf(one) === item && (isCheck(one) || !list.closest(".step")) || !item && !one.received && !here.includes(placeOf(one))).map(line),
      );
      if (box.textContent !== list.textContent) list.replaceChildren(...box.childNodes);  /* focus may be in it */
    }
    const busy = waits.find((one) => one.event === now);
    for (const one of $$("[name=pm_kind]")) one.disabled = busy && one.value === busy.kind && one.form.elements.pm_item.value === busy.item;
    for (const step of $$(".step")) {
      const own = mine.findLast((one) => one.item === step.dataset.item && isCheck(one) && !one.error);
      step.classList.toggle("is-said", (own ? own.kind : states[step.dataset.item]) === "done");
    }
  };

  /* Sending: in order, one tab at a time. */
  const names = ["v", "plan", "event", "kind", "item", "rev", "token", "name", "text", "what", "value"];
  let delay = 0, timer, before = Promise.resolve();
  const send = async (one) => {
    now = one.event;
    paint();
    say(words.sending);
    const body = one.file ? new FormData() : new URLSearchParams(), fields = {};
    for (const name of names) fields["pm_" + name] = one[name];
    for (const [name, value] of Object.entries({ ...data.fields, ...fields, pm_payload: JSON.stringify(fields) })) body.append(name, value);
    if (one.file) body.append("pm_file", one.file);
    let code = 0, wait, answer, ok;
    try {
      const reply = await fetch(data.action, { method: "POST", body, headers: { Accept: "application/json" }, credentials: "omit" });
      ({ ok, status: code } = reply);
      wait = reply.headers.get("Retry-After") * 1e3;
      answer = await reply.json();
    } catch {}
    now = 0;
    if (ok && (!data.ok || String(answer?.[data.ok]) === "true")) {
      delay = 0;
      const waits = answer?.standing ? answer.standing === "waiting" : !one.token || !link.name || link.ended;
      drop(one);
      one = { ...one, token: "", waits, by: link.ref, received: new Date().toISOString() };
      change("sent", (list) => [...list.filter(beside(one)), one]);
      fresh.add(one.event);
      if (!waits) show(one);
    } else if (ok ? answer : code >= 400 && code < 500 && ![408, 409, 425, 429].includes(code)) {
      one.error = String(answer?.message || answer?.error || fill(words.code, code));
      blame(one, one.error);
    } else {
      delay = Math.min(delay * 2 || 2e3, 3e5);
      clearTimeout(timer);
      timer = setTimeout(flush, wait || delay * (1 + Math.random() / 4));
    }
    say(words[one.kind] + ". " + sentence(one));
    return one.received || one.error;
  };
  const all = async () => {
    for (const one of pending()) if (!one.error && !await send(one)) break;
  };
  const flush = () => {
    before = before.then(() => (navigator.locks ? navigator.locks.request(key, all) : all())).catch(all).then(paint);
  };
  const queue = (given, file) => {
    const hex = (value, size) => value.toString(16).padStart(size, 0);
    const random = [...crypto.getRandomValues(new Uint8Array(10))].map((byte) => hex(byte, 2)).join("");
    const one = { token: me.t, event: (hex(Date.now(), 12) + random).replace(/(.{8})(.{4}).(.{3}).(.{3})/, "$1-$2-7$3-8$4-") };  /* UUIDv7 */
    for (const name of names) one[name] ||= name in one ? "" : given[name] || "";
    if (file) files.push({ ...one, file, files: [file.name] });
    else change("out", (list) => [...list, one]);
    flush();
  };

  /* The forms. */
  const askName = (form) => {
    if (link.name || form.elements.pm_name) return;
    const field = pieces[2].cloneNode(true), input = field.lastElementChild, [twin] = $$(`[form="${form.id}"]`);
    input.value = me.name || "";
    if (form.id) {  /* no room there */
      twin.closest("details").open = true;
      input.setAttribute("form", form.id);
    }
    (twin || $$("button", form)[0]).before(field, pieces[3].cloneNode(true));
  };
  addEventListener("toggle", ({ target }) => {
    if (!target.open || !target.matches(".ask")) return;
    $$("form", target).map(askName);
    for (const input of $$(".act-sign [type=date]", target)) input.value ||= today();
  }, true);
  addEventListener("submit", (event) => {
    const form = event.target, ask = form.closest(".ask"), given = {};
    if (!form.matches(".act") || $$(".trap", form)[0].value) return;
    event.preventDefault();
    for (const [name, value] of new FormData(form)) given[name.slice(3)] = value;
    const name = (given.name || link.name || me.name || "").trim();
    if (!name) {
      askName(form);
      form.elements.pm_name.focus();
      return;
    }
    if (!link.name) tab.write(me = { ...me, name });
    queue({ ...given, name, kind: event.submitter.value }, $$("[type=file]", form)[0]?.files[0]);
    form.reset();
    if (ask) {
      ask.open = false;
      ask.firstElementChild.focus();
    }
  });

  /* What others do. */
  const listen = async () => {
    for (let tag = "", wait = 1e3; ; await new Promise((go) => setTimeout(go, wait))) {
      if (document.hidden) await new Promise((go) => document.addEventListener("visibilitychange", go, { once: true }));
      try {
        const headers = tag ? { "If-None-Match": tag } : {};
        const reply = await fetch(data.live + "?wait=25", { headers, cache: "no-store", credentials: "omit" });
        const { events } = reply.status === 304 ? { events: [] } : await reply.json();
        tag = reply.headers.get("ETag") || tag;
        wait = events.length ? 250 : 1e3;
        const since = events.map((one) => ({ ...one, event: one.id, item: one.on }))
          .filter((one) => moment(one.received) > (data.seen[one.item] || "") && show(one));
        if (since.length) {
          paint();
          say(since.map((one) => `${people.get(one.by)?.name || one.name}: ${words[one.kind]}`).join(". "));
        }
      } catch {
        wait = Math.min(wait * 2, 3e5);
      }
    }
  };

  arrive();
  change("sent", (list) => list.filter((one) => Date.now() - Date.parse(one.received) < 60 * 864e5 && !data.told.includes(one.event)));
  for (const one of kept().sent) if (!one.waits) show(one);
  const wake = () => { if (pending().length && !document.hidden) flush(); };
  addEventListener("hashchange", arrive);
  addEventListener("storage", paint);
  addEventListener("offline", paint);
  addEventListener("online", wake);
  document.addEventListener("visibilitychange", wake);
  paint();
  wake();
  if (data.live) listen();
}
