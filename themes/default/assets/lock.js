/* Turns the page before a protected plan into the plan: it finds the key, fetches what is sealed, and shows nothing of which a single bit
   isn't as the sender sealed it. The format is in docs/protecting.md. Whatever else a page does is done by its own scripts, which follow. */
const root = document.documentElement;
const lock = (() => { try { return JSON.parse(root.dataset.lock); } catch { return {}; } })();
const base = new URL(".", location).href;
const { subtle } = crypto;

/* Not reached: ask again later. Damaged: never shown. */
class Unreached extends Error {}
class Damaged extends Error {}

/* -- the format -- */
const LABEL = "planmark/1";
const utf8 = new TextEncoder();
const text = new TextDecoder("utf-8", { fatal: true });
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const decoded = (base64) => Uint8Array.from(atob(base64.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
const secret = (bytes) => subtle.importKey("raw", bytes, "HKDF", false, ["deriveBits", "deriveKey"]);
const hkdf = (purpose) => ({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info: utf8.encode(`${LABEL} ${purpose}`) });
const derived = async (key, purpose, size) => new Uint8Array(await subtle.deriveBits(hkdf(purpose), key, size * 8));
const cipher = (key, purpose) => subtle.deriveKey(hkdf(purpose), key, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
const decrypted = async (key, iv, data, context) =>
  new Uint8Array(await subtle.decrypt({ name: "AES-GCM", iv, additionalData: utf8.encode(context) }, key, data));

/* Passphrases are compared however they were typed: of one form, and with one plain space for every space in them. */
const tidied = (passphrase) => passphrase.normalize("NFKC").replace(/[\s\x85]+/g, " ").replace(/^ | $/g, "");
const ofPassphrase = async (passphrase) => {
  const typed = await subtle.importKey("raw", utf8.encode(tidied(passphrase)), "PBKDF2", false, ["deriveBits"]);
  const { iterations } = lock;
  return cipher(await secret(await subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: decoded(lock.salt), iterations }, typed, 256)), "slot");
};
const ofLink = async (written) => cipher(await secret(decoded(written)), "link");

/* The bytes of the plan's key, from the slot that this opens; nothing where it opens none. */
const unwrapped = async (opener) => {
  for (const slot of lock.slots.map(decoded)) {
    try {
      return await decrypted(opener, slot.subarray(0, 12), slot.subarray(12), `${LABEL} slot\0${lock.plan}`);
    } catch {}
  }
};

const fetched = async (name) => {
  try {
    const reply = await fetch(base + name);
    if (reply.ok) return new Uint8Array(await reply.arrayBuffer());
  } catch {}
  throw new Unreached(name);
};

/* What was sealed under a path; `wanted` is what the manifest says of it. */
const opened = async (key, path, sealed, wanted) => {
  try {
    const digest = sealed.slice(4, 36), of = `${path}\0${hex(digest)}`;
    if (text.decode(sealed.subarray(0, 4)) !== "PM1\n" || (wanted && wanted.digest !== hex(digest))) throw 0;
    const [own, iv] = await Promise.all([cipher(key, `object\0${of}`), derived(key, `iv\0${of}`, 12)]);
    const padded = await decrypted(own, iv, sealed.subarray(36), `${LABEL}\0${lock.plan}\0${of}`);
    const size = new DataView(padded.buffer).getUint32(0), found = padded.subarray(4, 4 + size);
    if (found.length !== size || (wanted && wanted.size !== size)) throw 0;
    const signer = await subtle.deriveKey(hkdf("digest"), key, { name: "HMAC", hash: "SHA-256", length: 256 }, false, ["verify"]);
    const signed = new Uint8Array(await new Blob([path, "\0", found]).arrayBuffer());
    if (!await subtle.verify("HMAC", signer, digest, signed)) throw 0;
    return found;
  } catch {
    throw new Damaged(path);
  }
};

/* -- the key: in this tab until it is closed; on this device if somebody asks for it, as a key that no script can read -- */
const name = "planmark-lock:" + lock.plan;
const tab = (act, ...more) => {
  try { return sessionStorage[act](name, ...more); } catch {}
};
const device = (act, ...more) => new Promise((done) => {
  try {
    const asked = indexedDB.open("planmark-lock", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("keys");
    asked.onerror = asked.onblocked = () => done();
    asked.onsuccess = () => {
      try {
        const change = asked.result.transaction("keys", act === "get" ? "readonly" : "readwrite");
        const found = change.objectStore("keys")[act](...more);
        change.oncomplete = () => done(act === "put" || found.result);
        change.onabort = () => done();
      } catch { done(); }
      asked.result.close();  /* once the change is through */
    };
  } catch { done(); }
});
const remembered = () => device("get", lock.plan);
const remember = async (key) => {
  const kept = await device("put", key, lock.plan);
  if (kept) tab("removeItem");
  return kept;
};
const forget = () => {
  tab("removeItem");
  return device("delete", lock.plan);
};

/* `k=` is in the fragment, which no server sees. It is taken out at once, however many there are: what people copy from the address bar must
   not open the plan. */
const arrived = () => {
  const isKey = (part) => part.startsWith("k="), parts = location.hash.slice(1).split("&"), found = parts.find(isKey);
  if (!found) return;
  const rest = parts.filter((part) => !isKey(part)).join("&");
  history.replaceState(history.state, "", location.pathname + location.search + (rest && "#" + rest));
  return found.slice(2);
};

/* -- the page before the plan -- */
const ready = new Promise((go) => {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", go, { once: true });
  else go();
});
let before;  /* its body, and what it says */
const $ = (selector) => before.body.querySelector(selector);
const stage = (state) => {
  root.classList.toggle("is-opening", state === "opening");
  if (before) $("div.lock-trouble").hidden = true;
};
const say = (state) => { $(".lock-status").textContent = before.words[state] || ""; };

const ask = (why = "") => {
  stage("asking");
  say("");
  const form = $(".lock-form"), [input] = form.elements;
  form.hidden = false;
  form.classList.remove("is-busy");
  form.querySelector(".lock-open").removeAttribute("aria-disabled");
  input.readOnly = false;
  input.setAttribute("aria-invalid", why === "wrong" || why === "empty");
  $("#lock-error").textContent = before.words[why] || "";
  if (why === "wrong") input.select();
  input.focus();
};

/* Whatever is on the page goes; what is wrong is said. */
const trouble = (state) => {
  if (document.body !== before.body) {
    document.adoptedStyleSheets = [];
    document.body.replaceWith(before.body);
    document.head.replaceChildren(...before.head);
    become(before.attributes);
  }
  stage(state);
  say("");
  const box = $("div.lock-trouble"), link = box.querySelector("a");
  $(".lock-form").hidden = true;
  box.hidden = false;
  box.querySelector("p").textContent = before.words[state];
  box.querySelector("button").hidden = state !== "offline";
  link.hidden = state !== "insecure";
  link.href = location.href.replace(/^http:/, "https:");
  box.focus();
};
const become = (attributes) => {
  for (const one of [...root.attributes]) root.removeAttribute(one.name);
  for (const one of attributes) root.setAttribute(one.name, one.value);
};

/* -- the plan -- */
const rules = (window.trustedTypes || { createPolicy: (_, made) => made }).createPolicy("planmark", {
  createHTML: (html) => html,
  createScriptURL: (path) => {
    if (!/^assets\/[\w.-]+\.js$/.test(path)) throw new Damaged(path);
    return base + path;
  },
});

const unlock = async (key, { files, entry }, asked) => {
  const read = async (path) => opened(key, path, await fetched(files[path].name), files[path]);
  const blob = async (path) => new Blob([await read(path)], { type: files[path].type });
  const made = {};
  const address = (path) => made[path] ||= blob(path).then((found) => URL.createObjectURL(found));
  /* The file that an address leads to, as it would if the plan lay open. */
  const pathOf = (href, from = "") => {
    try {
      const at = new URL(href, base + from), path = decodeURI(at.href.split(/[?#]/)[0].slice(base.length)) || entry;
      return at.href.startsWith(base) && Object.hasOwn(files, path) ? path : "";
    } catch { return ""; }
  };
  const isPage = (path) => /^text\/html/.test(files[path]?.type);

  /* Pages have names of their own in the address, which say nothing to the server. */
  const names = new Map();
  for (const path of Object.keys(files).filter(isPage)) names.set(path, hex(await derived(key, `page\0${path}`, 8)));
  const wanted = new URLSearchParams(location.search).get("p");
  const at = [...names.keys()].find((path) => names.get(path) === wanted) || entry;
  const page = new DOMParser().parseFromString(rules.createHTML(text.decode(await read(at))), "text/html");
  const all = (selector, from = page) => [...from.querySelectorAll(selector)];

  /* Style sheets, with what they load. */
  const styled = async (path) => {
    let css = text.decode(await read(path));
    const token = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|url\(\s*("[^"]*"|'[^']*'|[^)"']*)\s*\)/g;
    const found = [...css.matchAll(token)].filter((one) => one[1] && !/^["']?(#|[a-z]+:)/i.test(one[1]));
    for (const one of found.reverse()) {
      const file = pathOf(one[1].replace(/^["']|["']$/g, "").trim(), path);
      if (file) css = css.slice(0, one.index) + `url("${await address(file)}")` + css.slice(one.index + one[0].length);
    }
    return css;
  };
  const links = all("link[rel=stylesheet]").filter((link) => pathOf(link.getAttribute("href")));
  const sheets = await Promise.all(links.map(async (link) => {
    const sheet = new CSSStyleSheet({ media: link.media });
    sheet.replaceSync(await styled(pathOf(link.getAttribute("href"))));
    return sheet;
  }));

  /* What nobody needs any more: the policy of the page is in force already, scripts are loaded at the end. */
  const scripts = all("script[src]").map((script) => rules.createScriptURL(script.getAttribute("src")));
  for (const one of all("script[src], noscript, link[rel=stylesheet], link[rel=preload], meta[http-equiv], meta[charset]")) one.remove();
  for (const link of all("a[href]")) {
    const href = link.getAttribute("href"), path = href[0] === "#" ? "" : pathOf(href, at);
    if (isPage(path)) link.setAttribute("href", (path === entry ? "./" : "?p=" + names.get(path)) + new URL(href, base).hash);
  }
  for (const data of all("#planmark-data")) {  /* a host that takes forms itself takes them at any address of the site */
    const said = JSON.parse(data.textContent);
    if (pathOf(said.action)) data.firstChild.data = JSON.stringify({ ...said, action: "./" });
  }

  /* Pictures come one after the other, what is seen first before the rest; a place of the right size waits for each. */
  const none = URL.createObjectURL(new Blob(['<svg xmlns="http://www.w3.org/2000/svg"/>'], { type: "image/svg+xml" }));
  const choice = (written) => written.split(",").map((one) => one.trim().split(/\s+/)).map(([href, size]) => ({ href, wide: parseInt(size) || 0 }));
  const pictures = [];
  for (let one of all("img, picture source, video[poster], svg image, link[rel~=icon], link[rel=apple-touch-icon]")) {
    const attribute = ["srcset", "poster", "src", "href"].find((name) => one.hasAttribute(name));
    if (!attribute) continue;
    const choices = attribute === "srcset" ? choice(one.srcset) : [{ href: one.getAttribute(attribute), wide: 0 }];
    if (!choices.every(({ href }) => pathOf(href, at))) continue;
    const into = one.localName === "img" ? "src" : attribute;
    if (into === "src") {  /* another one: this would be fetched as soon as it is touched */
      const { attributes } = one, made = page.createElement("img");
      for (const { name, value } of attributes) if (!/^(src|srcset|sizes|loading)$/.test(name)) made.setAttribute(name, value);
      made.src = none;
      one.replaceWith(made);
      one = made;
    } else if (one.localName === "link") one.href = document.querySelector("link[rel=icon]").href;  /* else the browser looks for one */
    else one.removeAttribute(into);
    pictures.push(async () => {
      const width = (one.clientWidth || +one.getAttribute("width") || 640) * devicePixelRatio;
      const { href } = choices.sort((a, b) => a.wide - b.wide).find(({ wide }) => wide >= width) || choices.at(-1);
      try { one.setAttribute(into, await address(pathOf(href, at))); } catch (error) {
        if (into === "src") one.removeAttribute(into);  /* its words instead */
        throw error;
      }
    });
  }
  /* Recordings wait until somebody plays them. */
  const heard = new Map();
  for (const one of all("video[src], audio[src]").filter((one) => pathOf(one.getAttribute("src"), at))) {
    heard.set(one, [one, ...all("track[src]", one)].map((part) => [part, pathOf(part.getAttribute("src"), at)]));
    for (const [part] of heard.get(one)) part.removeAttribute("src");
    one.preload = "none";
    one.src = base + lock.manifest;  /* without one there would be nothing to press */
  }

  /* The exchange. */
  Object.assign(before, { head: [...document.head.childNodes], attributes: [...root.attributes] });
  const kept = "meta[charset], meta[http-equiv], meta[name=viewport], meta[name=robots], meta[name=referrer], link[rel=stylesheet]";
  for (const one of [...document.head.children]) if (!one.matches(kept)) one.remove();
  document.head.append(...all("head > *").filter((one) => !one.matches(kept)));
  become(page.documentElement.attributes);
  document.adoptedStyleSheets = sheets;
  document.body.replaceWith(page.body);

  /* At its end: remember, and lock. */
  const bar = before.body.querySelector("#lock-bar").content.cloneNode(true).firstElementChild;
  const [keep, close] = bar.querySelectorAll("button"), said = bar.querySelector(".lock-said");
  const keeping = () => { keep.hidden = true; said.textContent = before.words.kept; };
  remembered().then((found) => { if (found) keeping(); });
  keep.addEventListener("click", async () => { if (await remember(key)) { keeping(); close.focus(); } });
  close.addEventListener("click", async () => { await forget(); location.replace(base); });
  (document.querySelector("body > footer") || document.body).append(bar);

  let running;  /* the plan's scripts want its page */
  const failed = async (error) => {
    await running;
    if (error instanceof Damaged) trouble("broken");
    else said.textContent = before.words.file;
  };
  /* A file is decrypted when somebody wants it. It is saved: a page cannot hand it on to another one. */
  const save = async (path) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await blob(path));
    link.download = path.split("/").at(-1).replace(/\.[0-9a-f]{10}(?=[.-]|$)/, "");
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 6e4);
  };
  const clicked = (event) => {
    const link = event.target.closest?.("a[href]"), path = link && !event.defaultPrevented ? pathOf(link.getAttribute("href")) : "";
    if (!path || isPage(path) || event.button === 2) return;
    event.preventDefault();
    link.setAttribute("aria-busy", "true");
    save(path).catch(failed).finally(() => link.removeAttribute("aria-busy"));
  };
  addEventListener("click", clicked);
  addEventListener("auxclick", clicked);
  document.addEventListener("play", ({ target }) => {
    const parts = heard.get(target);
    if (!heard.delete(target)) return;
    Promise.all(parts.map(async ([part, path]) => { part.src = await address(path); })).then(() => target.play())
      .catch((error) => { heard.set(target, parts); failed(error); });
  }, true);

  const next = async () => { while (pictures.length) await pictures.shift()().catch(failed); };
  for (let line = 0; line < 4; line++) next();

  /* Where the reader was, or where the address leads. */
  let moving;
  addEventListener("scroll", () => {
    clearTimeout(moving);
    moving = setTimeout(() => history.replaceState({ ...history.state, planmark: scrollY }, ""), 100);
  });
  addEventListener("pageshow", async ({ persisted }) => { if (persisted && !tab("getItem") && !await remembered()) location.reload(); });
  if (asked) {
    const heading = document.querySelector("h1");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
  }
  const was = history.state?.planmark;
  if (was !== undefined) scrollTo(0, was);
  else if (location.hash) location.replace(location.href);
  running = Promise.all(scripts.map((src) => new Promise((done) => {
    const script = document.createElement("script");
    script.async = false;  /* in their order */
    script.onload = script.onerror = done;
    script.src = src;
    document.head.append(script);
  })));
  await running;
  if (was !== undefined) scrollTo(0, was);  /* they went where the address leads */
};

/* -- from the key to the plan -- */
let sealed = subtle && fetched(lock.manifest);
sealed?.catch(() => { sealed = null; });
const manifest = async (key) => {
  const found = JSON.parse(text.decode(await opened(key, "manifest", await (sealed ||= fetched(lock.manifest)))));
  if (found.format !== 1 || !Object.hasOwn(found.files, found.entry)) throw new Damaged("manifest");
  return found;
};
const open = async (key, found, asked) => {
  try {
    await unlock(key, found, asked);
  } catch (error) {
    trouble(error instanceof Unreached ? "offline" : "broken");
  }
};
const tryLink = async (written) => {
  try {
    const bytes = await unwrapped(await ofLink(written));
    if (bytes) tab("setItem", btoa(String.fromCharCode(...bytes)));
    return bytes && secret(bytes);
  } catch {}
};

const begin = async () => {
  stage("opening");
  const link = arrived();
  await ready;
  const body = document.body;
  before = { body, words: body.querySelector("#lock-words").dataset };
  if (!subtle) return trouble("insecure");
  if (lock.format !== 1) return trouble("broken");
  if (!("adoptedStyleSheets" in document && Object.hasOwn)) return trouble("old");
  say("opening");
  let why = "";
  try {
    const fresh = link && await tryLink(link);
    if (fresh) return open(fresh, await manifest(fresh));
    const kept = tab("getItem");
    why = "stale";
    const key = kept ? await secret(decoded(kept)) : await remembered();
    if (key) return open(key, await manifest(key));
    why = "";
  } catch (error) {
    if (error instanceof Unreached) return trouble("offline");
    if (!why) return trouble("broken");
    await forget();
  }
  ask(link ? "link" : why);
};

const submit = async (form) => {
  const [input] = form.elements, keep = form.querySelector("[type=checkbox]");
  if (form.matches(".is-busy")) return;
  if (!tidied(input.value)) return ask("empty");
  form.classList.add("is-busy");
  form.querySelector(".lock-open").setAttribute("aria-disabled", "true");
  input.readOnly = true;
  $("#lock-error").textContent = "";
  say("opening");
  try {
    const bytes = await unwrapped(await ofPassphrase(input.value));
    if (!bytes) return ask("wrong");
    const key = await secret(bytes), found = await manifest(key);
    if (!keep.checked || !await remember(key)) tab("setItem", btoa(String.fromCharCode(...bytes)));
    input.value = "";
    await open(key, found, true);
  } catch (error) {
    trouble(error instanceof Unreached ? "offline" : "broken");
  }
};

ready.then(() => {
  const form = document.querySelector(".lock-form"), show = form.querySelector(".lock-show");
  form.addEventListener("submit", (event) => { event.preventDefault(); submit(form); });
  show.addEventListener("click", () => {
    const [input] = form.elements, shown = input.type === "password";
    input.type = shown ? "text" : "password";
    show.setAttribute("aria-pressed", shown);
    input.focus();
  });
  document.querySelector(".lock-again").addEventListener("click", () => location.reload());
});
addEventListener("hashchange", () => {
  if (before?.body !== document.body) arrived();
  else if (/[#&]k=/.test(location.hash)) begin();
});
begin();
