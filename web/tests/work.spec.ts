/** Nothing that people have written is lost: by a key, a click, a closed tab, a copied one, a full disk, a service that is gone. */
import { readFileSync } from "node:fs";
import { once } from "node:events";
import { unzipSync, strFromU8 } from "fflate";
import type { Page } from "@playwright/test";
import { accessible, choose, expect, field, fixture, go, MEETING, openFile, screen, test, URL_OF_SERVICE, elsewhere } from "./page.ts";
import { start } from "./service.ts";

const folder = fixture(MEETING);

async function empty(page: Page, kind = /tomt.*Dokument/): Promise<void> {
  await go(page);
  await page.getByRole("button", { name: kind }).click();
  await field(page, "/title").fill("Arbete som ska finnas kvar");
}

async function withTable(page: Page): Promise<void> {
  await empty(page);
  const content = page.getByRole("group", { name: "Innehåll", exact: true });
  await content.getByRole("button", { name: /Lägg till del/ }).click();
  await content.getByRole("button", { name: "Tabell", exact: true }).click();
  await field(page, "/content/0/rows/0/cells/0").fill("Löner");
  await field(page, "/content/0/rows/0/cells/1").fill("1200");
}

test("Ctrl+Z takes back the last change, where it was, and nothing else", async ({ page }) => {
  await withTable(page);
  await field(page, "/dnr").fill("EX 2026/1");
  await page.waitForTimeout(1600);
  await field(page, "/content/0/rows/0/cells/1").focus();
  await page.keyboard.type("55");
  await page.keyboard.press("Control+z");
  await expect(field(page, "/content/0/rows/0/cells/1")).toHaveValue("1\u00a0200");
  await expect(field(page, "/content/0/rows/0/cells/1")).toBeFocused();
  await expect(field(page, "/dnr")).toHaveValue("EX 2026/1");
  await page.keyboard.press("Control+z");
  await expect(field(page, "/dnr")).toHaveValue("");
  await expect(field(page, "/dnr")).toBeFocused();
  await expect(field(page, "/title")).toHaveValue("Arbete som ska finnas kvar");
  await page.keyboard.press("Control+y");
  await expect(field(page, "/dnr")).toHaveValue("EX 2026/1");
  await page.getByRole("button", { name: /^Gör om/ }).click();
  await expect(field(page, "/content/0/rows/0/cells/1")).toHaveValue("55");
  await expect(page.getByRole("button", { name: /^Gör om/ })).toBeDisabled();
});

test("a table that was removed with one click comes back with another", async ({ page }) => {
  await withTable(page);
  await page.getByRole("button", { name: "Ta bort: Innehåll, del 1" }).click();
  await expect(field(page, "/content/0/rows/0/cells/1")).toHaveCount(0);
  const notice = page.locator(".removed");
  await expect(notice).toContainText("togs bort");
  await screen(page, "removed");
  await accessible(page);
  await notice.getByRole("button", { name: "Ångra" }).click();
  await expect(field(page, "/content/0/rows/0/cells/1")).toHaveValue("1\u00a0200");
  await expect(notice).toHaveCount(0);
  await page.getByRole("button", { name: "Ta bort: Innehåll, del 1" }).click();
  await expect(notice).toBeVisible();
  await field(page, "/title").fill("Något annat");
  await expect(notice).toHaveCount(0);
  await page.getByRole("button", { name: "Ångra (Ctrl+Z)" }).click();
  await page.getByRole("button", { name: "Ångra (Ctrl+Z)" }).click();
  await expect(field(page, "/content/0/rows/0/cells/1")).toHaveValue("1\u00a0200");
  await screen(page, "undo");
  await accessible(page);
});

test("work in a tab that was closed is offered, with its files, and can be thrown away", async ({ page, context }) => {
  await go(page, "kallelse");
  await openFile(page, `${folder}/0-kallelse.json`);
  await choose(page, page.getByRole("button", { name: "Lägg till filer" }), `${folder}/1-ordforandeforslag.json`);
  await page.getByRole("button", { name: /Kallelsens uppgifter/ }).click();
  await field(page, "/title").fill("Kallelse som nästan gick förlorad");
  await page.getByLabel("Offentlig, utan sekretess och personuppgifter").check();
  await page.waitForTimeout(800);
  await page.close();

  const next = await context.newPage();
  next.on("dialog", (dialog) => void dialog.accept());
  await go(next, "kallelse");
  const left = next.getByRole("region", { name: "Osparat arbete" });
  await expect(left).toContainText("Kallelse som nästan gick förlorad");
  await screen(next, "left-behind");
  await accessible(next);
  await left.getByRole("button", { name: /^Fortsätt/ }).click();
  await expect(next.getByRole("heading", { level: 1 })).toHaveText("Kallelse som nästan gick förlorad");
  await expect(next.locator(".files-panel")).not.toContainText("1-ordforandeforslag.json");
  await expect(next.getByLabel("Offentlig, utan sekretess och personuppgifter")).toBeChecked();
  await next.waitForTimeout(500);
  await next.close();

  const third = await context.newPage();
  third.on("dialog", (dialog) => void dialog.accept());
  await go(third, "kallelse");
  await third.getByRole("button", { name: /^Kasta/ }).click();
  await expect(third.getByRole("region", { name: "Osparat arbete" })).toHaveCount(0);
  await third.reload();
  await expect(third.getByRole("button", { name: "Börja från tomt" })).toBeVisible();
  await expect(third.getByRole("region", { name: "Osparat arbete" })).toHaveCount(0);
  const kept = await third.evaluate(async () => {
    const open = indexedDB.open("sigill-files");
    await new Promise((resolve) => (open.onsuccess = resolve));
    const all = open.result.transaction("files").objectStore("files").getAllKeys();
    await new Promise((resolve) => (all.onsuccess = resolve));
    return all.result.length;
  });
  expect(kept).toBe(0);
});

test("beginning again in a copied tab leaves the first one its files", async ({ page, context }) => {
  await go(page, "kallelse");
  await openFile(page, `${folder}/0-kallelse.json`);
  await choose(page, page.getByRole("button", { name: "Lägg till filer" }), `${folder}/1-ordforandeforslag.json`);
  await page.waitForTimeout(800);
  // A copied tab comes with what the first one has in its session storage.
  const session = await page.evaluate(() => JSON.stringify(sessionStorage));
  const copy = await context.newPage();
  copy.on("dialog", (dialog) => void dialog.accept());
  await copy.addInitScript((text) => {
    if (sessionStorage.length === 0) for (const [key, value] of Object.entries(JSON.parse(text) as Record<string, string>)) sessionStorage.setItem(key, value);
  }, session);
  await go(copy, "kallelse");
  await expect(copy.locator(".item")).toHaveCount(10);
  await expect(copy.locator(".files-panel")).not.toContainText("1-ordforandeforslag.json");
  await copy.getByRole("button", { name: "Börja om" }).click();
  await expect(copy.getByRole("button", { name: "Börja från tomt" })).toBeVisible();
  await copy.waitForTimeout(500);
  await page.reload();
  await expect(page.locator(".item")).toHaveCount(10);
  await expect(page.locator(".files-panel")).not.toContainText("1-ordforandeforslag.json");
});

test("a browser without room says so", async ({ page }) => {
  await page.addInitScript(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  await empty(page);
  await expect(page.getByRole("alert").filter({ hasText: "Webbläsaren har inte plats" })).toContainText("Spara som fil");
  await screen(page, "store-full");
  await accessible(page);
});

test("a kallelse is saved with its files, and opened with them", async ({ page }, info) => {
  await go(page, "kallelse");
  await openFile(page, `${folder}/0-kallelse.json`);
  await choose(page, page.getByRole("button", { name: "Lägg till filer" }), [`${folder}/1-ordforandeforslag.json`, `${folder}/bilagor/arsredovisning-2012.pdf`]);
  const [saved] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Spara" }).click()]);
  expect(saved.suggestedFilename()).toMatch(/\.zip$/);
  const path = info.outputPath(saved.suggestedFilename());
  await saved.saveAs(path);
  const files = unzipSync(new Uint8Array(readFileSync(path)));
  expect(Object.keys(files).sort()).toEqual(["1-ordforandeforslag.json", "bilagor/arsredovisning-2012.pdf", "kallelse.json"]);
  expect(JSON.parse(strFromU8(files["kallelse.json"] ?? new Uint8Array()))).toEqual(JSON.parse(readFileSync(`${folder}/0-kallelse.json`, "utf8")));
  expect(Buffer.from(files["bilagor/arsredovisning-2012.pdf"] ?? []).equals(readFileSync(`${folder}/bilagor/arsredovisning-2012.pdf`))).toBe(true);
  await page.getByRole("button", { name: "Börja om" }).click();
  await openFile(page, path);
  await expect(page.locator(".item")).toHaveCount(10);
  await expect(page.locator(".files-panel")).not.toContainText("arsredovisning-2012.pdf");
});

async function ready(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/#/kallelse`);
  await openFile(page, fixture("exempel/kallelse.json"));
  const own = ["delarsrapport", "ordforandeforslag", "tjansteskrivelse", "projektuppfoljning"].map((n) => fixture(`exempel/${n}.json`));
  await choose(page, page.getByRole("button", { name: "Lägg till filer" }), own);
  await expect(page.getByText("Alla filer som nämns är tillagda.")).toBeVisible();
}

test("a reload forgets neither the job, nor that the public edition was chosen", async ({ page }) => {
  await ready(page, URL_OF_SERVICE());
  await page.getByLabel("Offentlig, utan sekretess och personuppgifter").check();
  await page.getByLabel("Läsexemplar, bilagor oförändrade").check();
  await page.getByRole("button", { name: "Gör PDF" }).click();
  await expect(page.getByRole("progressbar")).toBeVisible();
  await page.waitForTimeout(600);
  await page.reload();
  await expect(page.locator(".build-progress p")).toHaveText(/^Klar: \d+ sidor\.$/, { timeout: 60_000 });
  await expect(page.getByLabel("Offentlig, utan sekretess och personuppgifter")).toBeChecked();
  await expect(page.getByLabel("Läsexemplar, bilagor oförändrade")).toBeChecked();
  await expect(page.getByText("valen här har ändrats")).toBeHidden();
  await page.waitForTimeout(500);
  await page.reload();
  await expect(page.locator(".build-progress p")).toHaveText(/^Klar: \d+ sidor\.$/);
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: /^Hämta PDF/ }).click()]);
  expect(file.suggestedFilename()).toMatch(/-offentlig/);
});

test("where it cannot be told which edition was chosen, somebody has to say", async ({ page }) => {
  await ready(page, URL_OF_SERVICE());
  await page.waitForTimeout(600);
  await page.evaluate(async () => {
    const open = indexedDB.open("sigill-work");
    await new Promise((resolve) => (open.onsuccess = resolve));
    const store = open.result.transaction("values", "readwrite").objectStore("values");
    const keys = store.getAllKeys();
    await new Promise((resolve) => (keys.onsuccess = resolve));
    for (const key of keys.result) if (String(key).endsWith("/build")) store.delete(key);
    await new Promise((resolve) => (store.transaction.oncomplete = resolve));
  });
  await page.reload();
  await expect(page.getByLabel("Fullständig, för ledamöterna")).not.toBeChecked();
  await expect(page.getByRole("button", { name: "Gör PDF" })).toBeDisabled();
  await expect(page.locator(".build")).toContainText("Välj utgåva");
  await accessible(page);
  await page.getByLabel("Offentlig, utan sekretess och personuppgifter").check();
  await expect(page.getByRole("button", { name: "Gör PDF" })).toBeEnabled();
});

test("a service that is gone for a while is asked again, and what is finished is fetched", async ({ page }) => {
  await ready(page, URL_OF_SERVICE());
  let away = false;
  await page.route("**/v1/jobs/**", (route) => (away ? route.abort("connectionrefused") : route.continue()));
  await page.route("**/v1/jobs/*/events", (route) => route.fulfill({ contentType: "text/event-stream", body: "" }));
  const deleted: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "DELETE") deleted.push(request.url());
  });
  away = true;
  await page.getByRole("button", { name: "Gör PDF" }).click();
  await expect(page.locator(".build")).toContainText("Sidan frågar igen av sig själv", { timeout: 15_000 });
  await screen(page, "job-waiting");
  away = false;
  await expect(page.locator(".build-progress p")).toHaveText(/^Klar: \d+ sidor\.$/, { timeout: 60_000 });
  await expect(page.locator(".build")).not.toContainText("Sidan frågar igen");
  expect(deleted).toEqual([]);
});

test("a service that is started again goes on with the job, and so does the page", async ({ page, watched }) => {
  const first = await start();
  elsewhere.add(new URL(first.url).origin);
  await ready(page, first.url);
  await page.getByRole("button", { name: "Gör PDF" }).click();
  await expect(page.locator(".build-progress p")).toContainText(/Står i kö|Gör del/);
  await page.waitForTimeout(200);
  first.child.kill("SIGKILL");
  await once(first.child, "exit");
  await expect(page.locator(".build")).toContainText("Sidan frågar igen av sig själv", { timeout: 15_000 });
  const second = await start(undefined, first);
  try {
    await expect(page.locator(".build-progress p")).toHaveText(/^Klar: \d+ sidor\.$/, { timeout: 120_000 });
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: /^Hämta PDF/ }).click()]);
    expect(readFileSync((await file.path()) ?? "").subarray(0, 5).toString()).toBe("%PDF-");
  } finally {
    second.child.kill();
  }
  // The browser notes each request that nothing answered.
  watched.splice(0, watched.length, ...watched.filter((line) => !/net::ERR_/.test(line)));
});

test("a page without TLS, where the browser has fewer means, keeps what is written too", async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "locks", { value: undefined });
    Object.defineProperty(crypto, "randomUUID", { value: undefined });
  });
  await empty(page);
  await page.waitForTimeout(600);
  await page.reload();
  await expect(field(page, "/title")).toHaveValue("Arbete som ska finnas kvar");
});
