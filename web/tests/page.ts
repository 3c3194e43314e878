/** What every journey has: a page that is watched for errors and for requests to others, and some common moves. */
import AxeBuilder from "@axe-core/playwright";
import { expect, test as base, type Locator, type Page } from "@playwright/test";
import { mkdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

export const URL_OF_SERVICE = () => process.env.SIGILL_URL ?? "";
const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
export const fixture = (path: string) => root(`fixtures/${path}`);
export const MEETING = "botkyrka-sn-2013-05-28";
/** Origins beside the service that a journey lets the page ask. */
export const elsewhere = new Set<string>();
const SCREENS = root("target/screens");

/** A refusal of the service, or one that a journey takes away, is told in words on the page; the browser also notes it in its console. */
const REFUSAL = /Failed to load resource: (the server responded with a status of (401|403|422|429|503)|net::ERR_CONNECTION_REFUSED)/;

export const test = base.extend<{ watched: string[] }>({
  watched: [
    async ({ page }, use) => {
      const wrong: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error" && !REFUSAL.test(message.text())) wrong.push(`console: ${message.text()}`);
      });
      page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
      page.on("request", (request) => {
        const url = request.url();
        if (!url.startsWith(URL_OF_SERVICE() + "/") && !/^(blob|data):/.test(url) && !elsewhere.has(new URL(url).origin)) wrong.push(`request: ${url}`);
      });
      page.on("dialog", (dialog) => void dialog.accept());
      await use(wrong);
      expect(wrong).toEqual([]);
    },
    { auto: true },
  ],
});
export { expect };

export async function go(page: Page, view = ""): Promise<void> {
  await page.goto(`${URL_OF_SERVICE()}/${view ? `#/${view}` : ""}`);
  await expect(page.locator("h1")).toBeVisible();
}

/** Chooses files by a button. */
export async function choose(page: Page, button: Locator, files: string | string[] | { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), button.click()]);
  await chooser.setFiles(files as string);
}

export async function openFile(page: Page, path: string): Promise<void> {
  await choose(page, page.getByRole("button", { name: /^Öppna( en sparad fil)?$/ }), path);
}

/** The field at a JSON pointer. */
export const field = (page: Page, pointer: string): Locator => page.locator(`[id="f${pointer}"]`);

export const preview = (page: Page): Locator => page.locator(".preview");

/** Waits for a picture of the document that is newer than `before`. */
export async function drawn(page: Page, before = 0): Promise<number> {
  await expect.poll(async () => Number(await preview(page).getAttribute("data-drawn")), { timeout: 20_000, intervals: [50] }).toBeGreaterThan(before);
  return Number(await preview(page).getAttribute("data-drawn"));
}

/** Drops files on an element, as from the desktop. */
export async function drop(page: Page, target: Locator, files: string[]): Promise<void> {
  const data = files.map((path) => ({ name: basename(path), base64: readFileSync(path).toString("base64") }));
  const transfer = await page.evaluateHandle((list) => {
    const made = new DataTransfer();
    for (const { name, base64 } of list) {
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      made.items.add(new File([bytes], name));
    }
    return made;
  }, data);
  await target.dispatchEvent("dragenter", { dataTransfer: transfer });
  await target.dispatchEvent("dragover", { dataTransfer: transfer });
  await target.dispatchEvent("drop", { dataTransfer: transfer });
}

export async function screen(page: Page, name: string, fullPage = false): Promise<void> {
  mkdirSync(SCREENS, { recursive: true });
  await page.screenshot({ path: `${SCREENS}/${name}.png`, fullPage });
}

/** No violation of WCAG 2.1 AA that a machine can find. */
export async function accessible(page: Page): Promise<void> {
  const result = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]).analyze();
  expect(result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`)).toEqual([]);
}

/** Nothing is wider than the page. */
export async function fits(page: Page): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(over).toBeLessThanOrEqual(0);
}
