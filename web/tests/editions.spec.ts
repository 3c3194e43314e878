/** What can be made of one kallelse: the pack sent, the tilläggslista after it, a copy to read, and what the public may see. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Page, TestInfo } from "@playwright/test";
import { accessible, choose, drop, expect, field, fixture, go, openFile, screen, test } from "./page.ts";

const NAME = "kallelse-till-samhallsbyggnadsnamnden-2026-05-11";

/** What poppler says of a PDF; undefined where it is not installed. */
function poppler(program: "pdftotext" | "pdfinfo", path: string): string | undefined {
  try {
    return execFileSync(program, program === "pdftotext" ? [path, "-"] : [path], { encoding: "utf8" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function opened(page: Page): Promise<void> {
  await go(page, "kallelse");
  await openFile(page, fixture("exempel/kallelse.json"));
  const own = ["delarsrapport", "ordforandeforslag", "tjansteskrivelse", "projektuppfoljning"].map((n) => fixture(`exempel/${n}.json`));
  await choose(page, page.getByRole("button", { name: "Lägg till filer" }), own);
  await expect(page.getByText("Alla filer som nämns är tillagda.")).toBeVisible();
}

async function make(page: Page, outcome = /^Klar: \d+ sidor\.$/): Promise<void> {
  await page.getByRole("button", { name: "Gör PDF" }).click();
  await expect(page.locator(".build-progress p")).toHaveText(outcome, { timeout: 60_000 });
}

/** The PDF that was made: the name it is given, where it lies, and its words. */
async function fetched(page: Page, info: TestInfo): Promise<{ name: string; path: string; text: string | undefined }> {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: /^Hämta PDF/ }).click()]);
  const name = file.suggestedFilename();
  const path = info.outputPath(name);
  await file.saveAs(path);
  expect(readFileSync(path).subarray(0, 5).toString()).toBe("%PDF-");
  return { name, path, text: poppler("pdftotext", path) };
}

const about = (page: Page, item: number) => page.locator(".item").nth(item).getByRole("button", { name: /^Uppgifter/ }).first();

test("a tilläggslista to the pack that was sent", async ({ page }, info) => {
  await opened(page);
  await make(page);
  const sent = await fetched(page, info);
  expect(sent.name).toBe(`${NAME}.pdf`);

  await choose(page, page.getByRole("button", { name: "Välj utskickad PDF" }), sent.path);
  await expect(page.getByText(`Utskickad: ${NAME}.pdf`)).toBeVisible();
  // Nothing has been added yet.
  await make(page, /Det gick inte/);
  await expect(page.locator(".findings-list")).toContainText("Inget ärende är ett tillägg");
  await screen(page, "supplement-nothing", true);
  await accessible(page);

  await page.getByRole("button", { name: "Lägg till ärende" }).click();
  await expect(field(page, "/arenden/6/title")).toBeFocused();
  await page.keyboard.type("Yttrande över remiss om badplatser");
  await field(page, "/arenden/6/dnr").fill("EX 2026/201");
  await field(page, "/arenden/6/tillagg").fill("1");
  await expect(page.locator(".item").nth(6)).toContainText("Tilläggslista 1");
  await drop(page, page.locator(".item > .drop-zone").nth(6), [fixture("bilagor/a3-landscape.pdf")]);
  await make(page);
  await screen(page, "supplement-done", true);
  await accessible(page);
  const list = await fetched(page, info);
  expect(list.name).toBe(`${NAME}-tillagg.pdf`);
  if (list.text !== undefined) {
    expect(list.text).toMatch(/tilläggslista 1/i);
    expect(list.text).toContain("Yttrande över remiss om badplatser");
    expect(list.text).not.toContain("Delårsrapport nr 1 för 2026");
  }

  await page.getByRole("button", { name: "Ta bort den utskickade" }).click();
  await expect(page.getByRole("button", { name: "Välj utskickad PDF" })).toBeVisible();
  await make(page);
  expect((await fetched(page, info)).name).toBe(`${NAME}.pdf`);
});

test("a copy to read", async ({ page }, info) => {
  await opened(page);
  await drop(page, page.locator(".item > .drop-zone").nth(5), [fixture("bilagor/a3-landscape.pdf")]);
  await page.getByLabel("Läsexemplar, bilagor oförändrade").check();
  await make(page);
  const copy = await fetched(page, info);
  expect(copy.name).toBe(`${NAME}-las.pdf`);
  if (copy.text !== undefined) expect(copy.text).toContain("Delårsrapport nr 1 för 2026");
  const pages = /Pages:\s+(\d+)/.exec(poppler("pdfinfo", copy.path) ?? "")?.[1];
  if (pages !== undefined) await expect(page.locator(".build-progress p")).toHaveText(`Klar: ${pages} sidor.`);
  // What is chosen now is not what was made, and is kept while a document is looked at.
  await expect(page.getByText("valen här har ändrats")).toBeHidden();
  await page.getByLabel("Arkivexemplar").check();
  await expect(page.getByText("valen här har ändrats")).toBeVisible();
  await page.getByLabel("Läsexemplar").check();
  await expect(page.getByText("valen här har ändrats")).toBeHidden();
  await page.getByRole("link", { name: "Dokument", exact: true }).click();
  await page.getByRole("link", { name: "Kallelse", exact: true }).click();
  await expect(page.getByLabel("Läsexemplar")).toBeChecked();
  await page.getByLabel("Arkivexemplar").check();
  await screen(page, "pack-chosen-otherwise", true);
  await accessible(page);
  await make(page);
  expect((await fetched(page, info)).name).toBe(`${NAME}.pdf`);
});

test("the public edition has nothing of a confidential item", async ({ page }, info) => {
  await opened(page);
  await about(page, 4).click();
  await field(page, "/arenden/4/title").fill("Tillsyn av Rosenbladska villan");
  await drop(page, page.locator(".item > .drop-zone").nth(4), [fixture("bilagor/a3-landscape.pdf")]);
  await make(page);
  const full = await fetched(page, info);
  if (full.text !== undefined) expect(full.text).toContain("Rosenbladska");

  await field(page, "/arenden/4/sekretess").fill("21 kap. 1 §");
  await expect(page.locator(".item").nth(4)).toContainText("Sekretess 21 kap. 1 §");
  await page.getByLabel("Offentlig, utan sekretess och personuppgifter").check();
  await make(page);
  await screen(page, "public-confidential", true);
  await accessible(page);
  const open = await fetched(page, info);
  expect(open.name).toBe(`${NAME}-offentlig.pdf`);
  if (open.text !== undefined) {
    expect(open.text).not.toMatch(/Rosenblad/i);
    expect(open.text).toContain("21 kap. 1 §");
  }
  expect(poppler("pdfinfo", open.path) ?? "").not.toMatch(/Rosenblad/i);
});
