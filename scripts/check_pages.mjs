// Opens HTML pages in headless Chromium and checks them with axe: light and dark, wide and narrow, all details opened.
//
// usage: node check_pages.mjs MODULES OUTPUT PAGE.html...
//
// MODULES is a node_modules folder with axe-core. For each page, its contents after the script are written to OUTPUT
// for the checker of markup: once as opened, and once with everything expanded. The exit code is 1 if axe finds a
// violation, if the page is wider than the window, or if its script reports an error. CHROMIUM names the browser. Only
// Node.js 18 is needed: the browser is controlled through its debugging pipe.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const WIDTHS = [1280, 360];
const SCHEMES = ["light", "dark"];
const PATIENCE = 120_000;
// A table with more rows than this is long.
const LONG = 40;
const MOST_OPENED = 8;

const [modules, output, ...pages] = process.argv.slice(2);
if (!pages.length) {
  console.error("usage: node check_pages.mjs MODULES OUTPUT PAGE.html...");
  process.exit(2);
}
const axe = readFileSync(join(modules, "axe-core", "axe.min.js"), "utf8");

// For root, as in containers, there is no sandbox.
const profile = mkdtempSync(join(tmpdir(), "pages-"));
const browser = spawn(process.env.CHROMIUM ?? "chromium", [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions",
  "--disable-background-networking", "--disable-component-update", "--disable-sync", "--force-device-scale-factor=1",
  "--disable-background-timer-throttling", "--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows",
  "--hide-scrollbars", "--lang=en-US", "--remote-debugging-pipe", `--user-data-dir=${profile}`, "about:blank",
], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
const [to, from] = [browser.stdio[3], browser.stdio[4]];
const waiting = new Map();
const listeners = new Set();
let rest = Buffer.alloc(0);
let next = 0;
from.on("data", (chunk) => {
  rest = Buffer.concat([rest, chunk]);
  for (let end; (end = rest.indexOf(0)) >= 0; rest = rest.subarray(end + 1)) {
    const message = JSON.parse(rest.subarray(0, end).toString("utf8"));
    if (message.id) waiting.get(message.id)(message);
    else for (const listener of listeners) listener(message);
  }
});
const fail = (what) => {
  console.error(what);
  browser.kill("SIGKILL");
  process.exit(1);
};
browser.on("error", (error) => fail(`the browser cannot be started: ${error.message}`));
const call = (method, params = {}, sessionId = undefined) => new Promise((done) => {
  const id = ++next;
  const clock = setTimeout(() => fail(`no answer to ${method} in ${PATIENCE / 1000} seconds`), PATIENCE);
  waiting.set(id, (message) => {
    clearTimeout(clock);
    waiting.delete(id);
    if (message.error) fail(`${method}: ${message.error.message}`);
    done(message.result);
  });
  to.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
});

// Opens a page in a separate tab.
const tab = async () => {
  const { targetId } = await call("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await call("Target.attachToTarget", { targetId, flatten: true });
  const complaints = [];
  const say = (method, params) => call(method, params, sessionId);
  listeners.add((message) => {
    if (message.sessionId !== sessionId) return;
    if (message.method === "Runtime.exceptionThrown") complaints.push(message.params.exceptionDetails.exception?.description);
    if (message.method === "Log.entryAdded" && ["error", "warning"].includes(message.params.entry.level)) complaints.push(message.params.entry.text);
  });
  for (const domain of ["Page", "Runtime", "Log"]) await say(`${domain}.enable`);
  const run = async (expression) => {
    const answer = await say("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
    if (answer.exceptionDetails) fail(`${expression.slice(0, 80)}: ${answer.exceptionDetails.exception?.description}`);
    return answer.result.value;
  };
  const open = async (path) => {
    complaints.length = 0;
    const loaded = new Promise((done) => {
      const listener = (message) => {
        if (message.sessionId === sessionId && message.method === "Page.loadEventFired") done(listeners.delete(listener));
      };
      listeners.add(listener);
    });
    await say("Page.navigate", { url: pathToFileURL(resolve(path)).href });
    await loaded;
  };
  return { say, run, open, complaints };
};

// In the page: expands everything that can be expanded. Of a long table only some rows: they are similar, and axe needs
// a second for ten.
const OPEN_ALL = `(() => {
  const rows = [...document.querySelectorAll("tr.article .opener")];
  if (rows.length <= ${LONG}) document.getElementById("open-all")?.click();
  else for (let n = 0; n < ${MOST_OPENED}; n += 1) rows[Math.floor(n * rows.length / ${MOST_OPENED})].click();
  for (const fold of document.querySelectorAll("details")) fold.open = true;
})()`;
// axe needs a second for several hundred elements: of the cards of one article and of the closed rows of a table, which are
// similar, only the first ones stay.
const TRIM = `(() => {
  for (const list of document.querySelectorAll(".findings, .others ul")) {
    [...list.children].filter((one) => one.matches(".finding, li")).slice(${MOST_OPENED}).forEach((one) => one.remove());
  }
  for (const body of document.querySelectorAll("tbody")) {
    const closed = (row) => row.matches(".article") && row.querySelector(".opener")?.getAttribute("aria-expanded") !== "true";
    [...body.rows].filter((row) => closed(row) || row.className === "").slice(${LONG}).forEach((row) => row.remove());
  }
})()`;
// The theme changes only colours.
const COLOURS = { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } };
const HTML = "'<!DOCTYPE html>\\n' + document.documentElement.outerHTML";
const AXE = (options) => `axe.run(document, ${JSON.stringify(options)}).then(({ violations, incomplete, passes }) => {
  const short = (list) => list.map(({ id, impact, help, nodes }) => ({
    id, impact, help, number: nodes.length,
    first: nodes.slice(0, 3).map(({ target, failureSummary }) => target.flat().join(" ") + ": " + failureSummary.replace(/\\s+/g, " ")),
  }));
  return { violations: short(violations), incomplete: short(incomplete), passes: passes.length };
})`;

let wrong = 0;
const bad = (page, what) => {
  wrong += 1;
  console.log(`${page}: ${what}`);
};
const check = async ({ say, run, open, complaints }, path) => {
  const name = basename(path, ".html");
  const start = Date.now();
  let checks = 0;
  const undecided = new Set();
  for (const width of WIDTHS) {
    await say("Emulation.setDeviceMetricsOverride", { width, height: 900, deviceScaleFactor: 1, mobile: false });
    await say("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: SCHEMES[0] }] });
    await open(path);
    if (width === WIDTHS[0]) writeFileSync(join(output, `${name}.opens.html`), await run(HTML));
    await run(OPEN_ALL);
    if (width === WIDTHS[0]) writeFileSync(join(output, `${name}.opened.html`), await run(HTML));
    await run(TRIM);
    await run(axe);
    for (const scheme of SCHEMES) {
      await say("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
      const found = await run(AXE(scheme === SCHEMES[0] ? {} : COLOURS));
      for (const { id, impact, help, number, first } of found.violations) {
        bad(name, `${width} pixels, ${scheme}: axe ${id} (${impact}, ${number} places): ${help}\n    ${first.join("\n    ")}`);
      }
      for (const one of found.incomplete) undecided.add(`${one.id} (${one.number}): ${one.first[0]}`);
      if (found.passes < (scheme === SCHEMES[0] ? 20 : 1)) bad(name, `${width} pixels, ${scheme}: axe looked at ${found.passes} rules only`);
      checks += 1;
    }
    const wide = await run("document.documentElement.scrollWidth");
    if (wide > width) bad(name, `at ${width} pixels the page is ${wide} pixels wide`);
    for (const complaint of complaints) bad(name, `the browser says: ${complaint}`);
  }
  console.log(`${name}: ${checks} views, ${((Date.now() - start) / 1000).toFixed(1)} s`);
  if (process.env.UNDECIDED) for (const one of undecided) console.log(`    undecided: ${one}`);
};

// Two pages in parallel.
const queue = [...pages];
await Promise.all([1, 2].map(async () => {
  const mine = await tab();
  for (let page; (page = queue.shift());) await check(mine, page);
}));
if (process.env.TIMES) {
  const { processInfo } = await call("SystemInfo.getProcessInfo");
  console.log(`processor time of the browser: ${processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0).toFixed(1)} s`);
}
const gone = new Promise((done) => browser.on("exit", done));
call("Browser.close");
await Promise.race([gone, new Promise((done) => setTimeout(done, 5000))]);
browser.kill("SIGKILL");
rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
process.exit(wrong ? 1 : 0);
