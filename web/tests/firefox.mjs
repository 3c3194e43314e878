/** The page in Firefox, driven by WebDriver BiDi: each view does its work, and nothing goes wrong in the console. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";

const root = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const MEETING = root("fixtures/botkyrka-sn-2013-05-28");

async function service() {
  if (process.env.SIGILL_URL) return { url: process.env.SIGILL_URL, stop: () => undefined };
  // Its queue lies in the folder it is started in.
  const cwd = mkdtempSync(join(tmpdir(), "sigill-"));
  const child = spawn(resolve(process.env.SIGILL_BIN ?? root("target/release/sigill")), ["serve", "--listen", "127.0.0.1:0"], { cwd });
  const url = await new Promise((tell, reject) => {
    let said = "";
    const hear = (chunk) => {
      said += chunk;
      const match = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (match) tell(match[0]);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("exit", (code) => reject(new Error(`the service ended with ${code}:\n${said}`)));
  });
  return { url, stop: () => child.kill() };
}

const { url, stop } = await service();
const browser = await puppeteer.launch({
  browser: "firefox",
  protocol: "webDriverBiDi",
  executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr",
  headless: true,
  extraPrefsFirefox: { "intl.accept_languages": "sv-SE,sv", "app.update.enabled": false, "datareporting.policy.dataSubmissionEnabled": false },
});

const wrong = [];
const page = await browser.newPage();
await page.setViewport({ width: 1400, height: 900 });
page.on("console", (message) => {
  if (message.type() === "error") wrong.push(`console: ${message.text()}`);
});
page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
page.on("request", (request) => {
  if (!request.url().startsWith(url) && !/^(blob|data):/.test(request.url())) wrong.push(`request: ${request.url()}`);
});
page.on("dialog", (dialog) => dialog.accept().catch(() => undefined));

/** Gives files to the input behind a button. */
async function give(buttonText, files) {
  const input = await page.evaluateHandle((text) => {
    const button = [...document.querySelectorAll("button")].find((b) => b.textContent.trim().startsWith(text) || b.getAttribute("aria-label") === text);
    let at = button?.nextElementSibling;
    while (at && !at.matches("input[type=file]")) at = at.nextElementSibling;
    return at ?? null;
  }, buttonText);
  await input.asElement().uploadFile(...files);
}
const press = (text) =>
  page.evaluate((wanted) => {
    const button = [...document.querySelectorAll("button")].find((b) => b.textContent.includes(wanted));
    if (!button) throw new Error(`no button ${wanted}`);
    button.click();
  }, text);
const until = (test, ...args) => page.waitForFunction(test, { timeout: 60_000, polling: 100 }, ...args);
const at = (pointer) => `[id="f${pointer}"]`;
const text = (selector) => page.$eval(selector, (element) => element.textContent);

let failed = false;
async function journey(name, steps) {
  try {
    wrong.length = 0;
    await steps();
    assert.deepEqual(wrong, []);
    console.log(`  ok  ${name}`);
  } catch (error) {
    failed = true;
    console.log(`FAIL  ${name}\n      ${error.message}`);
    await page.screenshot({ path: root("target/screens/firefox-fail.png") }).catch(() => undefined);
  }
}

await journey("a document is filled in and its picture follows", async () => {
  await page.goto(url);
  await page.waitForSelector(".kinds");
  await page.evaluate(() => {
    const item = [...document.querySelectorAll(".kinds li")].find((li) => li.querySelector("h2").textContent === "Tjänsteskrivelse");
    item.querySelector("button").click();
  });
  await until(() => Number(document.querySelector(".preview")?.dataset.drawn) > 0);
  const before = await page.$eval(".preview", (element) => Number(element.dataset.drawn));
  await page.focus(at("/title"));
  await page.keyboard.type(" från Firefox");
  await until((n) => Number(document.querySelector(".preview").dataset.drawn) > n, before);
  assert.match(await page.$eval(at("/title"), (element) => element.value), /från Firefox/);
  await page.screenshot({ path: root("target/screens/firefox-document.png") });
});

await journey("a finding leads to its cell", async () => {
  await give("Öppna", [root("fixtures/known-bad/SUM002/published-2013.json")]);
  await until(() => document.querySelector(".findings-head")?.textContent.includes("1 fel"));
  await press("1 fel");
  await page.waitForSelector(".findings-list button");
  await page.click(".findings-list button");
  await until(() => document.activeElement?.id === "f/ekonomi/0/rows/21/cells/5");
  // A refusal is also noted by the browser itself.
  wrong.splice(0, wrong.length, ...wrong.filter((line) => !/422/.test(line)));
});

await journey("a pack is gathered and made", async () => {
  await page.evaluate(() => {
    location.hash = "#/kallelse";
  });
  await until(() => document.body.textContent.includes("Öppna en sparad fil"));
  await give("Öppna", [`${MEETING}/0-kallelse.json`]);
  await page.waitForSelector(".item");
  const files = readdirSync(MEETING).filter((name) => name.endsWith(".json") && !name.startsWith("0-"));
  await give("Lägg till filer", [...files.map((name) => `${MEETING}/${name}`), ...readdirSync(`${MEETING}/bilagor`).map((name) => `${MEETING}/bilagor/${name}`)]);
  await until(() => document.querySelector(".files-panel").textContent.includes("tillagda"));
  await press("Gör PDF");
  await until(() => /Klar|gick inte/.test(document.querySelector(".build-progress").textContent));
  assert.match(await text(".build-progress"), /Klar: \d+ sidor/);
  await page.screenshot({ path: root("target/screens/firefox-pack.png") });
});

await journey("a PDF is checked", async () => {
  await page.evaluate(() => {
    location.hash = "#/kontrollera";
  });
  await page.waitForSelector(".verify");
  await give("välj fil", [root("fixtures/bilagor/office-export-10-pages.pdf")]);
  await page.waitForSelector(".verdict");
  assert.match(await text(".verdict"), /inte undertecknad/);
  await page.screenshot({ path: root("target/screens/firefox-verify.png") });
});

await journey("a change is taken back, text from Word keeps its points, and work in a closed window is offered", async () => {
  const other = await browser.newPage();
  other.on("dialog", (dialog) => dialog.accept().catch(() => undefined));
  await other.goto(url);
  await other.waitForSelector(".kinds");
  await other.evaluate(() => [...document.querySelectorAll(".kinds li")].find((li) => li.querySelector("h2").textContent === "Dokument").querySelectorAll("button")[1].click());
  await other.waitForSelector(at("/title"));
  await other.focus(at("/title"));
  await other.keyboard.type("Skrivet i Firefox");
  await other.focus(at("/content"));
  await other.evaluate(() => {
    // Firefox lets no script fill the clipboard of an event it makes.
    const event = new Event("paste", { bubbles: true, cancelable: true });
    Object.defineProperty(event, "clipboardData", { value: { getData: (type) => (type === "text/html" ? "<p>5*3 m</p><ul><li>en punkt</li></ul>" : "") } });
    document.activeElement.dispatchEvent(event);
  });
  const value = (pointer) => other.$eval(at(pointer), (element) => element.value);
  assert.equal(await value("/content"), "5*3 m\n\n- en punkt");
  await other.keyboard.down("Control");
  await other.keyboard.press("z");
  await other.keyboard.up("Control");
  assert.equal(await value("/content"), "");
  assert.equal(await value("/title"), "Skrivet i Firefox");
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await other.close();
  await page.evaluate(() => {
    location.hash = "#/dokument";
  });
  await page.reload();
  await page.waitForSelector(".toolbar, .kinds");
  if (await page.$(".toolbar")) await press("Börja om");
  await until(() => document.querySelector(".left")?.textContent.includes("Skrivet i Firefox"));
  await press("Fortsätt");
  await page.waitForSelector(at("/title"));
  assert.equal(await page.$eval(at("/title"), (element) => element.value), "Skrivet i Firefox");
});

await browser.close();
stop();
process.exit(failed ? 1 : 0);
