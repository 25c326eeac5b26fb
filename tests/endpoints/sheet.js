// Runs docs/apps-script.js with a sheet in memory: calls come as JSON on standard input, answers go out as JSON.
"use strict";
const fs = require("fs");
const vm = require("vm");

const cells = [];
let locked = false;
let number = 0;
const sheet = {
  getLastRow: () => cells.length,
  getRange: (row, column, rows, columns) => ({
    setNumberFormat() {},
    setValues(values) {
      if (row > 1 && !locked) throw new Error("written without the lock");
      values.forEach((one, index) => {
        if (one.length !== columns) throw new Error("a row of another width");
        cells[row - 1 + index] = one;
      });
    },
    getValues: () => cells.slice(row - 1, row - 1 + rows).map((one) => one.slice(column - 1, column - 1 + columns)),
  }),
};
let book = null;
const output = (body, type) => ({ body, type, setMimeType(given) { this.type = given; return this; } });
const context = {
  LockService: { getScriptLock: () => ({ waitLock() { locked = true; }, releaseLock() { locked = false; } }) },
  SpreadsheetApp: {
    flush() {},
    getActiveSpreadsheet: () => ({ getSheetByName: () => book, insertSheet: () => (book = sheet) }),
  },
  Utilities: { getUuid: () => `00000000-0000-4000-8000-${String(++number).padStart(12, "0")}` },
  PropertiesService: { getScriptProperties: () => ({ getProperty: (name) => (name === "SECRET" ? process.argv[3] : null) }) },
  ContentService: { MimeType: { JSON: "application/json" }, createTextOutput: (text) => output(text, "text/plain") },
  HtmlService: { createHtmlOutput: (text) => output(text, "text/html") },
  Date,
};
vm.createContext(context);
vm.runInContext(fs.readFileSync(process.argv[2], "utf8"), context);
const calls = JSON.parse(fs.readFileSync(0, "utf8"));
const answers = calls.map(([name, parameter]) => {
  const { body, type } = context[name]({ parameter });
  return { body, type };
});
process.stdout.write(JSON.stringify(answers));
