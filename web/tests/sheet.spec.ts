/** Figures come out of spreadsheets as they stand there, or something is said. */
import type { Page } from "@playwright/test";
import { accessible, choose, expect, field, go, screen, test } from "./page.ts";
import { xlsx, type Value } from "./xlsx.ts";

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

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
const title = (page: Page, c: number) => field(page, `/content/0/columns/${c}/title`);
const dialog = (page: Page) => page.getByRole("dialog");
const values = async (page: Page, r: number, count: number) => Promise.all(Array.from({ length: count }, (_, c) => cell(page, r, c).inputValue()));

async function give(page: Page, name: string, buffer: Buffer, mimeType = XLSX): Promise<void> {
  await choose(page, page.getByRole("button", { name: "Hämta från Excel eller CSV" }), { name, mimeType, buffer });
}
const take = (page: Page) => dialog(page).getByRole("button", { name: /^(Hämta in|Klistra in|Ersätt tabellen)$/ }).click();

async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((tsv) => {
    const data = new DataTransfer();
    data.setData("text/plain", tsv);
    document.activeElement?.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);
}

async function typeOf(page: Page, c: number, name: string): Promise<string> {
  await page.getByRole("button", { name: `Inställningar: Kolumnen ${name}` }).click();
  const value = await field(page, `/content/0/columns/${c}/type`).inputValue();
  await page.getByRole("button", { name: "Stäng inställningarna" }).click();
  return value;
}

test("shares, times, days and whole numbers of a workbook stay what they are", async ({ page }) => {
  await newTable(page);
  const rows: Value[][] = [
    ["Post", "Andel", "Kl.", "Dag", "Tidpunkt", "Timmar", "Kronor"],
    ["A", { value: 0.375, format: "0.0%" }, { value: 0.75, format: "h:mm" }, { value: 46082, format: "yyyy-mm-dd" }, { value: 46082.5625, format: "yyyy-mm-dd hh:mm" }, { value: 1.5, format: "[h]:mm" }, { value: 1234567.891, format: '#,##0 "kr"' }],
    ["B", { value: 1, format: "0%" }, { value: 0.354166666666667, format: "hh:mm:ss" }, { value: 41422, format: "d/m yyyy" }, { value: 46082, format: "yyyy-mm-dd hh:mm" }, { value: 0.25, format: "[h]:mm" }, 0.30000000000000004],
  ];
  await give(page, "budget.xlsx", xlsx(rows));
  await screen(page, "import-workbook");
  await accessible(page);
  await take(page);
  expect(await values(page, 0, 7)).toEqual(["A", "37,5", "18:00", "2026-03-01", "2026-03-01 13:30", "36:00", "1\u00a0234\u00a0567,891"]);
  expect(await values(page, 1, 7)).toEqual(["B", "100", "08:30", "2013-05-28", "2026-03-01 00:00", "6:00", "0,3"]);
  expect(await typeOf(page, 1, "Andel")).toBe("percent");
  expect(await typeOf(page, 3, "Dag")).toBe("date");
});

test("what a workbook could not compute is told, all columns come, and the sheet is chosen", async ({ page }) => {
  await newTable(page);
  const wide = [Array.from({ length: 45 }, (_, c) => `K${c + 1}`), Array.from({ length: 45 }, (_, c) => c + 1)];
  await give(page, "bok.xlsx", xlsx([["Post", "Utfall"], ["A", { fault: "#DIV/0!" }], ["B", 12]], { Prognos: [["Post", "Helår"], ["C", 7]], Brett: wide }));
  await expect(dialog(page)).toContainText("B2 (#DIV/0!)");
  await screen(page, "import-faults");
  await accessible(page);
  await dialog(page).getByLabel(/^Blad/).selectOption({ label: "Prognos" });
  await expect(dialog(page)).not.toContainText("#DIV/0!");
  await dialog(page).getByLabel(/^Blad/).selectOption({ label: "Brett" });
  await expect(dialog(page)).toContainText("rymmer 40 kolumner, och bladet har 45");
  await take(page);
  await expect(cell(page, 0, 44)).toHaveValue("45");
  await expect(page.locator(".findings-head")).toContainText(/fel/);
  await give(page, "bok.xlsx", xlsx([["Post", "Utfall"], ["A", { fault: "#DIV/0!" }], ["B", 12], ["C", 14], ["D", { formula: "SUM(B2:B4)" }]]));
  await expect(dialog(page)).toContainText("B5 (=SUM(B2:B4))");
  await take(page);
  expect(await values(page, 0, 2)).toEqual(["A", "#DIV/0!"]);
  expect(await typeOf(page, 1, "Utfall")).toBe("amount");
  await expect(page.locator(".table-findings")).toContainText("#DIV/0!");
});

test("a filled table is replaced only when somebody says so, and comes back", async ({ page }) => {
  await newTable(page);
  await cell(page, 0, 0).fill("Min egen rad");
  await give(page, "b.xlsx", xlsx([["Post", "Belopp"], ["A", 1]]));
  await expect(dialog(page)).toContainText("Tabellens rad ersätts");
  await dialog(page).getByRole("button", { name: "Avbryt" }).click();
  await expect(cell(page, 0, 0)).toHaveValue("Min egen rad");
  await give(page, "b.xlsx", xlsx([["Post", "Belopp"], ["A", 1]]));
  await dialog(page).getByRole("button", { name: "Ersätt tabellen" }).click();
  await expect(cell(page, 0, 0)).toHaveValue("A");
  await page.getByRole("button", { name: /^Ångra/ }).click();
  await expect(cell(page, 0, 0)).toHaveValue("Min egen rad");
});

test("figures of a CSV file are read as it writes them, or asked about", async ({ page }) => {
  await newTable(page);
  await give(page, "en.csv", Buffer.from('Item,Amount\nA,"1,234.50"\nB,"2,000"\n'), "text/csv");
  await take(page);
  expect([await cell(page, 0, 1).inputValue(), await cell(page, 1, 1).inputValue()]).toEqual(["1\u00a0234,50", "2\u00a0000"]);
  await give(page, "excel.csv", Buffer.from("sep=;\r\nPost;Belopp\r\nA, med komma;2,5\r\n"), "text/csv");
  await take(page);
  expect([await cell(page, 0, 0).inputValue(), await cell(page, 0, 1).inputValue()]).toEqual(["A, med komma", "2,5"]);
  await give(page, "oklar.csv", Buffer.from("Post;Belopp\nA;1,234\nB;5\n"), "text/csv");
  await expect(dialog(page).getByRole("button", { name: "Ersätt tabellen" })).toBeDisabled();
  await screen(page, "import-unclear");
  await accessible(page);
  await dialog(page).getByLabel("1\u00a0234, ett heltal").check();
  await take(page);
  await expect(cell(page, 0, 1)).toHaveValue("1\u00a0234");
  await give(page, "oklar.csv", Buffer.from("Post;Belopp\nA;1,234\nB;5\n"), "text/csv");
  await dialog(page).getByLabel("1,234, med decimaler").check();
  await take(page);
  await expect(cell(page, 0, 1)).toHaveValue("1,234");
});

test("headings that are pasted do not become a row in silence", async ({ page }) => {
  await newTable(page);
  await cell(page, 0, 0).focus();
  await paste(page, "Verksamhet\tBudget 2026\tAndel\nSkola\t(91 000)\t12 %\nVård\t-990\t37,5 %\nSumma\t#REF!\t50,5 %\n");
  await expect(dialog(page).getByLabel("Första raden är rubriker")).toBeChecked();
  await screen(page, "paste-headings");
  await accessible(page);
  await take(page);
  await expect(title(page, 1)).toHaveValue("Budget 2026");
  expect(await values(page, 0, 3)).toEqual(["Skola", "−91\u00a0000", "12"]);
  expect(await values(page, 1, 3)).toEqual(["Vård", "−990", "37,5"]);
  await expect(cell(page, 2, 1)).toHaveValue("#REF!");
  expect(await typeOf(page, 1, "Budget 2026")).toBe("amount");
  expect(await typeOf(page, 2, "Andel")).toBe("percent");
  await expect(page.locator(".table-findings")).toContainText("#REF!");
  // Among texts it is told too.
  await cell(page, 0, 0).fill("#SAKNAS!");
  await page.keyboard.press("Tab");
  await expect(page.locator(".table-findings")).toContainText("fel från kalkylarket: ”#SAKNAS!”");
});

test("per cent that is pasted among amounts keeps its sign; a column of shares is one", async ({ page }) => {
  await newTable(page);
  await cell(page, 0, 0).focus();
  await paste(page, "A\t12 %\nB\t37,5 %\n");
  expect(await values(page, 0, 2)).toEqual(["A", "12"]);
  expect(await typeOf(page, 1, "Belopp")).toBe("percent");
  await page.getByRole("button", { name: /^Ångra/ }).click();
  await cell(page, 0, 1).fill("500");
  await page.getByRole("button", { name: "Lägg till rad" }).click();
  await cell(page, 1, 1).focus();
  await paste(page, "12 %\tx");
  await expect(cell(page, 1, 1)).toHaveValue("12 %");
  await page.keyboard.press("Tab");
  await expect(page.locator(".table-findings")).toContainText("12 %");
});

test("another type of column reads its cells anew", async ({ page }) => {
  await newTable(page);
  await cell(page, 0, 0).focus();
  await paste(page, "(91 000)\tx\n-990\ty\n12 %\tz\n");
  await page.getByRole("button", { name: "Inställningar: Kolumnen Post" }).click();
  await field(page, "/content/0/columns/0/type").selectOption("amount");
  await expect(cell(page, 0, 0)).toHaveValue("−91\u00a0000");
  await expect(cell(page, 1, 0)).toHaveValue("−990");
  await expect(cell(page, 2, 0)).toHaveValue("12 %");
  await page.getByRole("button", { name: /^Ångra/ }).click();
  await expect(cell(page, 0, 0)).toHaveValue("(91 000)");
});

test("files that are no spreadsheets are refused with what to do", async ({ page }) => {
  await newTable(page);
  const alert = page.locator(".table-field").getByRole("alert");
  await give(page, "gammal.xls", Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0]), "application/vnd.ms-excel");
  await expect(alert).toContainText("välj Spara som och Excel-arbetsbok (.xlsx)");
  await screen(page, "import-xls");
  await give(page, "bild.pdf", Buffer.from("%PDF-1.7\n"), "application/pdf");
  await expect(alert).toContainText("bild.pdf är inget kalkylark");
  await give(page, "trasig.xlsx", Buffer.from("PK\x03\x04xxxxxxxxxxxxxxxxxxxxxxxxxxxx"));
  await expect(alert).toContainText("trasig.xlsx gick inte att läsa");
  await give(page, "tom.xlsx", xlsx([[]]));
  await expect(alert).toContainText("tom.xlsx har inga ifyllda celler");
});

test("thousands of rows are pasted without the page standing still, and can be gone through", async ({ page }) => {
  await newTable(page);
  // How long the service sets such a document is not what is looked at, and would keep it from the next journey.
  const finding = { code: "X", severity: "warning", pointer: "", message_sv: "x", message_en: "x", help_sv: "", help_en: "" };
  await page.route("**/v1/render*", (route) => route.fulfill({ status: 422, json: { type: "/problems/x", title: "x", status: 422, findings: [finding] } }));
  await cell(page, 0, 0).focus();
  const rows = Array.from({ length: 5000 }, (_, r) => `Post ${r + 1}\t${r * 3},5\t${r}\t${r + 1}`).join("\n");
  const took = await page.evaluate(async (tsv) => {
    const data = new DataTransfer();
    data.setData("text/plain", tsv);
    const start = performance.now();
    document.activeElement?.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return performance.now() - start;
  }, rows);
  console.log(`5 000 rows pasted in ${Math.round(took)} ms`);
  expect(took).toBeLessThan(500);
  await expect(cell(page, 3, 1)).toHaveValue("9,5");
  await page.getByRole("button", { name: "Lägg till rad" }).click();
  await expect(cell(page, 5000, 0)).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(cell(page, 4999, 0)).toBeFocused();
  await expect(cell(page, 4999, 1)).toHaveValue("14\u00a0997,5");
  await page.keyboard.type("Sista");
  await expect(cell(page, 4999, 0)).toHaveValue("Sista");
  await screen(page, "table-long");
  await page.keyboard.press("Control+z");
  await expect(cell(page, 4999, 0)).toHaveValue("Post 5000");
});
