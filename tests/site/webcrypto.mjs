// Protected plans by another hand: the format as docs/protecting.md tells it, on WebCrypto alone. Reads a task from stdin, answers on stdout.
import { readFileSync } from "node:fs";
import { webcrypto } from "node:crypto";

const { subtle } = webcrypto;
const utf8 = new TextEncoder();
const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (data) => Array.from(new Uint8Array(data), (byte) => byte.toString(16).padStart(2, "0")).join("");
const joined = (...parts) => Uint8Array.from(parts.flatMap((part) => Array.from(part)));

async function derived(key, purpose, length = 32) {
  const base = await subtle.importKey("raw", key, "HKDF", false, ["deriveBits"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: utf8.encode(`planmark/1 ${purpose}`) };
  return new Uint8Array(await subtle.deriveBits(how, base, length * 8));
}
async function mac(key, data) {
  const imported = await subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await subtle.sign("HMAC", imported, data));
}
async function gcm(what, key, iv, data, context) {
  const imported = await subtle.importKey("raw", key, "AES-GCM", false, [what]);
  return new Uint8Array(await subtle[what]({ name: "AES-GCM", iv, additionalData: utf8.encode(context) }, imported, data));
}
function bucket(size) {
  const least = Math.max(size, 256);
  const exponent = Math.floor(Math.log2(least));
  const step = 2 ** (exponent - (Math.floor(Math.log2(exponent)) + 1));
  return Math.ceil(least / step) * step;
}
const tidied = (text) =>
  text.normalize("NFKC").replace(/[\t-\r \x85\xa0\u1680\u2028\u2029\ufeff]+/g, " ").replace(/^ | $/g, "");

async function ofPassphrase(passphrase, salt, iterations) {
  const base = await subtle.importKey("raw", utf8.encode(tidied(passphrase)), "PBKDF2", false, ["deriveBits"]);
  const stretched = await subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, base, 256);
  return derived(new Uint8Array(stretched), "slot");
}
async function unlock(slots, plan, opener) {
  for (const slot of slots) {
    try {
      return await gcm("decrypt", opener, slot.slice(0, 12), slot.slice(12), `planmark/1 slot\0${plan}`);
    } catch {}
  }
  return null;
}
async function pieces(key, path, digest) {
  const of = `\0${path}\0${hex(digest)}`;
  return [await derived(key, `object${of}`), await derived(key, `iv${of}`, 12)];
}
async function open(key, plan, path, data) {
  if (hex(data.slice(0, 4)) !== "504d310a") return null;
  const digest = data.slice(4, 36);
  const [own, iv] = await pieces(key, path, digest);
  try {
    const inner = await gcm("decrypt", own, iv, data.slice(36), `planmark/1\0${plan}\0${path}\0${hex(digest)}`);
    return inner.slice(4, 4 + new DataView(inner.buffer).getUint32(0));
  } catch {
    return null;
  }
}
async function seal(key, plan, path, data) {
  const digest = await mac(await derived(key, "digest"), joined(utf8.encode(path), [0], data));
  const [own, iv] = await pieces(key, path, digest);
  const inner = new Uint8Array(bucket(data.length + 4));
  new DataView(inner.buffer).setUint32(0, data.length);
  inner.set(data, 4);
  const sealed = await gcm("encrypt", own, iv, inner, `planmark/1\0${plan}\0${path}\0${hex(digest)}`);
  const name = hex(await mac(await derived(key, "names"), joined(utf8.encode(path), [0], digest))).slice(0, 32);
  return { name: `assets/${name}.bin`, digest: hex(digest), data: hex(joined(utf8.encode("PM1\n"), digest, sealed)) };
}

const task = JSON.parse(readFileSync(0, "utf8"));
const answer = {};
if (task.lock) {
  const lock = JSON.parse(task.lock);
  const slots = lock.slots.map((one) => new Uint8Array(Buffer.from(one, "base64")));
  const salt = new Uint8Array(Buffer.from(lock.salt, "base64"));
  const openers = await Promise.all(
    task.openers.map((one) => (one.link ? derived(new Uint8Array(Buffer.from(one.link, "base64url")), "link") : ofPassphrase(one.passphrase, salt, lock.iterations))),
  );
  answer.keys = [];
  for (const opener of openers) {
    const key = await unlock(slots, lock.plan, opener);
    answer.keys.push(key && hex(key));
  }
}
if (task.open) answer.opened = await Promise.all(task.open.map(async ([path, data]) => {
  const found = await open(bytes(task.key), task.plan, path, bytes(data));
  return found && hex(found);
}));
if (task.seal) answer.sealed = await Promise.all(task.seal.map(([path, data]) => seal(bytes(task.key), task.plan, path, bytes(data))));
if (task.tidy) answer.tidied = task.tidy.map(tidied);
if (task.buckets) answer.buckets = task.buckets.map(bucket);
if (task.derive) answer.planKey = hex(await derived(bytes(task.derive.key), `plan\0${task.derive.plan}\0${task.derive.epoch}\0${task.derive.salt}`));
process.stdout.write(JSON.stringify(answer));
