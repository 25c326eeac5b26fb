/**
 * Planmark's endpoint in a Google sheet: doPost keeps what forms send, doGet gives it to `planmark pull`.
 *
 * Put it into a sheet's script (Extensions, Apps Script), set the script property SECRET to a long random text (Project settings),
 * and deploy it as a web app that runs as you and that anyone can reach. docs/endpoints.md says the rest.
 */
const NAMES = [
  "pm_v", "pm_plan", "pm_event", "pm_kind", "pm_item", "pm_rev", "pm_token", "pm_name", "pm_text", "pm_what", "pm_value", "pm_payload",
];
const HEAD = ["id", "received"].concat(NAMES);
const LONGEST = 50000; // a cell holds no more

function doPost(e) {
  const given = e.parameter;
  const byScript = "pm_payload" in given;
  if (given.pm_website) return answer(byScript, given); // a field that people do not see
  if (!/^[0-9a-f]{32}$/.test(given.pm_plan || "")) return byScript ? json({ error: "it names no plan" }) : page("This form names no plan.", given);
  const cells = NAMES.map((name) => given[name] || "");
  if (cells.some((cell) => cell.length > LONGEST)) return byScript ? json({ error: "it is too long" }) : page("This is too long.", given);
  const lock = LockService.getScriptLock();
  lock.waitLock(30000);
  try {
    const sheet = theSheet();
    const row = sheet.getRange(sheet.getLastRow() + 1, 1, 1, HEAD.length);
    row.setNumberFormat("@"); // as text: nothing that is sent becomes a formula
    row.setValues([[Utilities.getUuid(), new Date().toISOString()].concat(cells)]);
    SpreadsheetApp.flush();
  } finally {
    lock.releaseLock();
  }
  return answer(byScript, given);
}

function doGet(e) {
  const secret = PropertiesService.getScriptProperties().getProperty("SECRET");
  if (!secret || e.parameter.secret !== secret) return json({ error: "the secret is another one" });
  const sheet = theSheet();
  const count = sheet.getLastRow() - 1;
  const rows = count > 0 ? sheet.getRange(2, 1, count, HEAD.length).getValues() : [];
  const since = e.parameter.since ? new Date(e.parameter.since + "Z").getTime() : 0;
  const found = rows.filter((row) => new Date(row[1]).getTime() >= since);
  const start = Number(e.parameter.after || 0);
  const end = start + Math.min(Number(e.parameter.limit || 500), 500);
  const given = found.slice(start, end).map((row) => ({
    id: row[0],
    received: row[1],
    fields: Object.fromEntries(NAMES.map((name, index) => [name, String(row[index + 2])]).filter((pair) => pair[1])),
  }));
  return json({ rows: given, more: found.length > end, next: String(end) });
}

function theSheet() {
  const book = SpreadsheetApp.getActiveSpreadsheet();
  const sheet = book.getSheetByName("Planmark") || book.insertSheet("Planmark");
  if (sheet.getLastRow() === 0) sheet.getRange(1, 1, 1, HEAD.length).setValues([HEAD]);
  return sheet;
}

function answer(byScript, given) {
  return byScript ? json({ ok: true }) : page("Sent. Thank you.", given);
}

function json(value) {
  return ContentService.createTextOutput(JSON.stringify(value)).setMimeType(ContentService.MimeType.JSON);
}

function page(text, given) {
  const back = /^https?:\/\//.test(given.pm_next || "") ? given.pm_next.replace(/[&<>"']/g, (sign) => "&#" + sign.charCodeAt(0) + ";") : "";
  return HtmlService.createHtmlOutput("<p>" + text + "</p>" + (back ? '<p><a target="_top" href="' + back + '">Back to the plan</a></p>' : ""));
}
