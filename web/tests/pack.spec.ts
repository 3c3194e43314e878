import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { strFromU8, unzipSync } from "fflate";
import type { Page } from "@playwright/test";
import { accessible, choose, drop, expect, field, fixture, go, MEETING, openFile, screen, test } from "./page.ts";

const folder = fixture(MEETING);
const documents = readdirSync(folder)
  .filter((name) => name.endsWith(".json") && !name.startsWith("0-"))
  .map((name) => `${folder}/${name}`);
const attachments = readdirSync(`${folder}/bilagor`).map((name) => `${folder}/bilagor/${name}`);

const titles = (page: Page) => page.locator(".item-title").allTextContents();

async function download(page: Page, button: string | RegExp, path: string): Promise<Buffer> {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: button }).click()]);
  await file.saveAs(path);
  return readFileSync(path);
}

/** What poppler reads of a PDF; undefined where it is not installed. */
function pagesOf(path: string): number | undefined {
  try {
    return Number(/Pages:\s+(\d+)/.exec(execFileSync("pdfinfo", [path], { encoding: "utf8" }))?.[1]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

test("a meeting is opened, its files added, the pack made and fetched", async ({ page }, info) => {
  await go(page, "kallelse");
  await screen(page, "pack-start");
  await accessible(page);
  await openFile(page, `${folder}/0-kallelse.json`);
  await expect(page.getByText("17 filer saknas")).toBeVisible();
  await screen(page, "pack-missing");
  await accessible(page);
  await choose(page, page.getByRole("button", { name: "Lägg till filer" }), [...documents, ...attachments]);
  await expect(page.getByText("Alla filer som nämns är tillagda.")).toBeVisible();

  await page.getByRole("button", { name: "Gör PDF" }).click();
  await expect(page.getByRole("progressbar")).toBeVisible();
  await screen(page, "pack-running");
  await accessible(page);
  await expect(page.getByText(/^Klar: \d+ sidor\.$/)).toBeVisible({ timeout: 60_000 });
  await screen(page, "pack-done", true);
  await accessible(page);

  const path = info.outputPath("kallelse.pdf");
  const pdf = await download(page, /^Hämta PDF/, path);
  expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
  const pages = pagesOf(path);
  if (pages !== undefined) expect(`Klar: ${pages} sidor.`).toBe(await page.getByText(/^Klar:/).textContent());
  const report = await download(page, "Hämta rapport", info.outputPath("rapport.pdf"));
  expect(report.subarray(0, 5).toString()).toBe("%PDF-");
});

test("a whole folder is dropped on the page", async ({ page }) => {
  await go(page, "kallelse");
  await openFile(page, `${folder}/0-kallelse.json`);
  await drop(page, page.locator(".pack"), [...attachments, ...documents]);
  await expect(page.getByText("Alla filer som nämns är tillagda.")).toBeVisible();
  await page.waitForTimeout(1500);
  await page.reload();
  await expect(page.getByText("Alla filer som nämns är tillagda.")).toBeVisible();
});

test("items are put in order by keyboard and by dragging", async ({ page }) => {
  await go(page, "kallelse");
  await openFile(page, `${folder}/0-kallelse.json`);
  await expect(page.locator(".item")).toHaveCount(10);
  const before = await titles(page);
  await page.getByRole("button", { name: `Flytta ${before[2]} upp` }).focus();
  await page.keyboard.press("Enter");
  expect((await titles(page)).slice(0, 3)).toEqual([before[0], before[2], before[1]]);
  await expect(page.getByTestId("live")).toContainText("plats 2 av 10");
  await expect(page.getByRole("button", { name: `Flytta ${before[2]} upp` })).toBeFocused();
  await page.keyboard.press("Enter");
  expect((await titles(page))[0]).toBe(before[2]);
  // At the top there is no way up: the focus goes to the button beside.
  await expect(page.getByRole("button", { name: `Flytta ${before[2]} ned` })).toBeFocused();

  const grip = page.locator(".item").nth(0).locator(".grip");
  await grip.scrollIntoViewIfNeeded();
  const from = await grip.boundingBox();
  const to = await page.locator(".item").nth(1).boundingBox();
  if (!from || !to) throw new Error("nothing to drag");
  await page.mouse.move(from.x + 8, from.y + 8);
  await page.mouse.down();
  await page.mouse.move(from.x + 8, from.y + 40, { steps: 4 });
  await page.mouse.move(from.x + 8, to.y + to.height - 4, { steps: 8 });
  await screen(page, "pack-dragging");
  await page.mouse.up();
  expect((await titles(page)).slice(0, 2)).toEqual([before[0], before[2]]);
  // Numbers stay in order.
  expect(await page.locator(".item-number").allTextContents()).toEqual(["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]);
});

test("a new item with dropped bilagor, one confidential, one with a password", async ({ page }, info) => {
  await go(page, "kallelse");
  await page.getByRole("button", { name: "Börja från tomt" }).click();
  await page.getByRole("button", { name: /Kallelsens uppgifter/ }).click();
  await page.getByLabel("Kommun").selectOption("exempel");
  await field(page, "/title").fill("Kallelse till provnämnden");
  await field(page, "/organ").fill("Provnämnden");
  await field(page, "/date").fill("2026-05-11");
  await field(page, "/sammantrade/date").fill("2026-05-20");
  await field(page, "/sammantrade/tid").fill("18:30");
  await field(page, "/sammantrade/plats").fill("Sal Eken");
  await field(page, "/ordforande").fill("Anna Exempelsson");
  await field(page, "/sekreterare").fill("Hanna Provskog");
  await screen(page, "pack-meeting", true);
  await accessible(page);
  await page.getByRole("button", { name: /Kallelsens uppgifter/ }).click();

  await page.getByRole("button", { name: "Lägg till ärende" }).click();
  await expect(field(page, "/arenden/0/title")).toBeFocused();
  await page.keyboard.type("Badplatsen");
  await field(page, "/arenden/0/dnr").fill("EX 2026/5");
  await drop(page, page.locator(".item > .drop-zone").first(), [fixture("bilagor/a3-landscape.pdf"), fixture("bilagor/encrypted-user-password-bilaga.pdf"), fixture("exempel/tjansteskrivelse.json")]);
  await expect(page.locator(".document")).toHaveCount(3);
  const second = page.locator(".document").nth(1);
  await second.getByRole("button", { name: /^Uppgifter/ }).click();
  await field(page, "/arenden/0/handlingar/1/losenord").fill("bilaga");
  await field(page, "/arenden/0/handlingar/1/sekretess").fill("26 kap. 1 §");
  await expect(second.locator(".mark")).toContainText("Sekretess 26 kap. 1 §");
  await screen(page, "pack-item", true);
  await accessible(page);

  // The tjänsteskrivelse names a bilaga of its own.
  await choose(page, page.getByRole("button", { name: "Lägg till filer" }), fixture("exempel/ordforandeforslag.json"));
  await page.getByLabel("Offentlig, utan sekretess och personuppgifter").check();
  await page.getByRole("button", { name: "Gör PDF" }).click();
  await expect(page.locator(".build-progress p")).toContainText(/Klar|Det gick inte/, { timeout: 60_000 });
  await screen(page, "pack-public", true);
  await accessible(page);
  await expect(page.locator(".build-progress p")).toContainText("Klar");

  const [saved] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Spara" }).click()]);
  const path = info.outputPath("kallelse.zip");
  await saved.saveAs(path);
  const model = JSON.parse(strFromU8(unzipSync(new Uint8Array(readFileSync(path)))["kallelse.json"] ?? new Uint8Array())) as { arenden: { handlingar: Record<string, unknown>[] }[] };
  expect(model.arenden[0]?.handlingar[1]).toMatchObject({ file: "bilagor/encrypted-user-password-bilaga.pdf", losenord: "bilaga", sekretess: "26 kap. 1 §" });
  expect(model.arenden[0]?.handlingar[2]).toEqual({ dokument: "tjansteskrivelse.json" });
});

test("a bilaga that cannot be read is told of at its item; keep going makes a page of it", async ({ page }) => {
  await go(page, "kallelse");
  await openFile(page, fixture("exempel/kallelse.json"));
  await choose(page, page.getByRole("button", { name: "Lägg till filer" }), ["delarsrapport", "ordforandeforslag", "tjansteskrivelse", "projektuppfoljning"].map((n) => fixture(`exempel/${n}.json`)));
  await drop(page, page.locator(".item > .drop-zone").nth(5), [fixture("bilagor/not-a-pdf.pdf")]);
  await page.getByRole("button", { name: "Gör PDF" }).click();
  await expect(page.locator(".build-progress p")).toContainText("Det gick inte", { timeout: 60_000 });
  await screen(page, "pack-failed", true);
  await accessible(page);
  await page.locator(".findings-list li.error button").first().click();
  await expect(page.locator('[id="f/arenden/5/handlingar/0"] :focus, [id="f/arenden/5/handlingar/0"]:focus')).toHaveCount(1);
  await expect(page.locator('[id="f/arenden/5/handlingar/0"]')).toContainText("Fel:");
  await page.getByLabel(/Låt en bilaga som inte går att läsa/).check();
  await page.getByRole("button", { name: "Gör PDF" }).click();
  await expect(page.locator(".build-progress p")).toContainText("Klar", { timeout: 60_000 });
});

test("a document of the pack is opened, changed and put back", async ({ page }) => {
  await go(page, "kallelse");
  await openFile(page, `${folder}/0-kallelse.json`);
  await choose(page, page.getByRole("button", { name: "Lägg till filer" }), documents);
  const row = page.locator('[id="f/arenden/1/handlingar/1"]');
  await expect(row).not.toContainText("Filen saknas");
  await row.getByRole("button", { name: /^Uppgifter/ }).click();
  await row.getByRole("button", { name: "Öppna i Dokument" }).click();
  await field(page, "/title").fill("Ändrad i kallelsen");
  await page.getByRole("button", { name: "Lägg tillbaka i kallelsen" }).click();
  await expect(page.locator(".item")).toHaveCount(10);
  await field(page, "/arenden/1/handlingar/1/title").fill("");
  await expect(row.locator(".document-title")).toHaveText("Ändrad i kallelsen");
  // One that lies in the kallelse itself.
  const inline = page.locator('[id="f/arenden/9/handlingar/0"]');
  await inline.getByRole("button", { name: /^Uppgifter/ }).click();
  await inline.getByRole("button", { name: "Öppna i Dokument" }).click();
  await field(page, "/title").fill("Utredning, ändrad");
  await page.getByRole("button", { name: "Lägg tillbaka i kallelsen" }).click();
  await field(page, "/arenden/9/handlingar/0/title").fill("");
  await expect(inline.locator(".document-title")).toHaveText("Utredning, ändrad");
});

test("the making can be cancelled", async ({ page }) => {
  await go(page, "kallelse");
  await openFile(page, `${folder}/0-kallelse.json`);
  await choose(page, page.getByRole("button", { name: "Lägg till filer" }), [...documents, ...attachments]);
  await page.getByRole("button", { name: "Gör PDF" }).click();
  await page.getByRole("button", { name: "Avbryt" }).click();
  await expect(page.locator(".build-progress p")).toContainText("Avbruten.");
  await expect(page.getByRole("button", { name: "Gör PDF" })).toBeVisible();
});

test("a file of another sort is refused in words", async ({ page }, info) => {
  const path = info.outputPath("anteckning.docx");
  writeFileSync(path, "x");
  await go(page, "kallelse");
  await openFile(page, fixture("exempel/kallelse.json"));
  await drop(page, page.locator(".item > .drop-zone").first(), [path]);
  await expect(page.getByRole("alert")).toContainText("anteckning.docx är varken PDF");
});
