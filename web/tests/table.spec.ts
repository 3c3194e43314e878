import { accessible, choose, drawn, expect, field, go, screen, test } from "./page.ts";
import { xlsx } from "./xlsx.ts";
import type { Page } from "@playwright/test";

async function newTable(page: Page): Promise<void> {
  await go(page);
  await page.getByRole("button", { name: /tomt.*Dokument/ }).click();
  await field(page, "/title").fill("Tabellprov");
  const content = page.getByRole("group", { name: "Innehåll", exact: true });
  await content.getByRole("button", { name: /Lägg till del/ }).click();
  await content.getByRole("button", { name: "Tabell", exact: true }).click();
  await expect(field(page, "/content/0/rows/0/cells/0")).toBeVisible();
}

const cell = (page: Page, r: number, c: number) => field(page, `/content/0/rows/${r}/cells/${c}`);

async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((tsv) => {
    const data = new DataTransfer();
    data.setData("text/plain", tsv);
    document.activeElement?.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);
}

test("cells of a spreadsheet are pasted; rows and columns come as needed", async ({ page }) => {
  await newTable(page);
  await cell(page, 0, 0).focus();
  await paste(page, "Intäkter\t3 300\t6 900\nKostnader\t−140 295\t−152 622\nNetto\t\t\n");
  await expect(cell(page, 1, 0)).toHaveValue("Kostnader");
  await expect(cell(page, 1, 2)).toHaveValue("−152\u00a0622");
  await expect(page.getByTestId("live")).toContainText("3 × 3 celler");
  await page.getByRole("combobox", { name: "Radtyp för rad 3" }).selectOption("netto");
  await expect(cell(page, 2, 1)).toHaveAttribute("placeholder", "räknas ut");
  await drawn(page);
  await expect(page.locator(".findings .none")).toBeVisible();
  await screen(page, "table-pasted");
  await accessible(page);
});

test("a workbook and a CSV file become tables", async ({ page }) => {
  await newTable(page);
  const button = page.getByRole("button", { name: "Hämta från Excel eller CSV" });
  const workbook = xlsx([
    ["Post", "Budget 2026", "Andel"],
    ["Intäkter", 3300.5, 0.25],
    ["Kostnader", -140295, 0.75],
  ]);
  await choose(page, button, { name: "budget.xlsx", mimeType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", buffer: workbook });
  await page.getByRole("dialog").getByRole("button", { name: "Hämta in" }).click();
  await expect(cell(page, 0, 1)).toHaveValue("3\u00a0300,5");
  await expect(cell(page, 1, 1)).toHaveValue("−140\u00a0295");
  await expect(field(page, "/content/0/columns/1/title")).toHaveValue("Budget 2026");
  const csv = Buffer.from("Post;Utfall\r\nR\u00e4nta;1 234,50\r\n", "latin1");
  await choose(page, button, { name: "utfall.csv", mimeType: "text/csv", buffer: csv });
  await page.getByRole("dialog").getByRole("button", { name: "Ersätt tabellen" }).click();
  await expect(cell(page, 0, 0)).toHaveValue("Ränta");
  await expect(cell(page, 0, 1)).toHaveValue("1\u00a0234,50");
  await drawn(page);
});

test("cells, rows and columns have their settings", async ({ page }) => {
  await newTable(page);
  await cell(page, 0, 0).fill("Lön");
  await cell(page, 0, 1).fill("12,50");
  await page.keyboard.press("Tab");
  await expect(cell(page, 0, 1)).toHaveValue("12,50");
  await cell(page, 0, 1).focus();
  await page.getByRole("button", { name: "Uppgift saknas" }).click();
  await expect(cell(page, 0, 1)).toHaveValue("us");
  await page.getByLabel("Anmärkning till cellen").fill("Kommer i juni");
  await page.getByRole("button", { name: /Inställningar: Kolumnen Belopp/ }).click();
  await field(page, "/content/0/columns/1/unit").fill("tkr");
  await screen(page, "table-column");
  await accessible(page);
  await page.getByRole("button", { name: "Flytta åt vänster: Belopp" }).click();
  await expect(cell(page, 0, 0)).toHaveValue("us");
  await page.getByRole("button", { name: "Lägg till rad" }).click();
  await expect(cell(page, 1, 0)).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(cell(page, 0, 0)).toBeFocused();
  await page.getByRole("button", { name: /Inställningar: Rad 2/ }).click();
  await page.getByRole("button", { name: "Flytta rad 2 upp" }).click();
  await expect(cell(page, 1, 1)).toHaveValue("Lön");
  await page.getByRole("button", { name: "Ta bort rad 1" }).click();
  await expect(cell(page, 0, 1)).toHaveValue("Lön");
  await accessible(page);
});
