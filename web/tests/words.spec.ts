/** What the page says, when it says it, and to whom: templates, findings, names and sizes. */
import { readdirSync, readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { plainWords } from "../src/form/plain-words.ts";
import type { Finding } from "../src/lib/api.ts";
import { accessible, choose, drawn, expect, field, fixture, go, MEETING, openFile, screen, test, URL_OF_SERVICE } from "./page.ts";

const words = (page: Page, pointer: string) => page.locator(`[id="f${pointer}--findings"]`);

test("what is left of a template is found, and is not published", async ({ page }) => {
  await go(page);
  await page.getByRole("button", { name: /mall.*Dokument/ }).click();
  await drawn(page);
  let fetched = 0;
  page.on("download", () => fetched++);
  await page.getByRole("button", { name: "Hämta PDF" }).click();
  await expect(page.locator(".findings-list")).toContainText("Mallens text står kvar: ”Skriv här dokumentets rubrik”");
  await expect(page.locator(".findings")).toContainText("innan PDF:en hämtas");
  await expect(words(page, "/title")).toContainText("Mallens text står kvar");
  await expect(field(page, "/title")).toHaveAttribute("aria-invalid", "true");
  await screen(page, "template-left");
  await accessible(page);
  await page.getByRole("button", { name: "Ta bort mallens texter som står kvar" }).click();
  await expect(field(page, "/title")).toHaveValue("");
  await expect(page.locator(".findings")).not.toContainText("Mallens");
  await field(page, "/title").fill("Rutin för nycklar");
  await field(page, "/dnr").fill("EX 2026/77");
  await page.waitForTimeout(1000);
  expect(fetched).toBe(0);
  await page.getByRole("button", { name: /^Ångra/ }).click();
  await expect(field(page, "/dnr")).toHaveValue("");
});

test("a kallelse with documents from templates is not made", async ({ page }) => {
  await go(page, "kallelse");
  await page.getByRole("button", { name: "Börja från mall" }).click();
  let made = 0;
  page.on("request", (request) => {
    if (request.url().endsWith("/v1/packs")) made++;
  });
  await page.getByRole("button", { name: "Gör PDF" }).click();
  await expect(page.locator(".findings-list")).toContainText("Mallens text står kvar");
  await screen(page, "template-left-pack", true);
  await accessible(page);
  expect(made).toBe(0);
});

test("a template begins with the house's own profile", async ({ page }) => {
  await page.route("**/v1/profiles", (route) =>
    route.fulfill({
      json: [
        { name: "botkyrka", title: "Botkyrka kommun", dnr_example: "SN/2013:123", own: true },
        { name: "exempel", title: "Exempelkommunen", dnr_example: "EX 2026/123", own: false },
      ],
    }),
  );
  await go(page);
  await page.getByRole("button", { name: /mall.*Tjänsteskrivelse/ }).click();
  await expect(page.getByLabel("Kommun")).toHaveValue("botkyrka");
  await expect(field(page, "/dnr")).toHaveValue("SN/2013:123");
  await expect(page.locator(".finding-words")).toHaveCount(0);
  await page.locator(".findings-head button").click();
  await expect(words(page, "/dnr")).toContainText("Mallens diarienummer står kvar");
  await page.locator(".findings-head button").click();
  await expect(page.locator('[id="f/dnr--help"]')).toContainText("Skrivs till exempel SN/2013:123.");
  await screen(page, "own-profile");
  await page.getByLabel("Kommun").selectOption("exempel");
  await expect(page.locator('[id="f/dnr--help"]')).toContainText("Skrivs till exempel EX 2026/123.");
  await page.getByRole("link", { name: "Kallelse", exact: true }).click();
  await page.getByRole("button", { name: "Börja från mall" }).click();
  await page.getByRole("button", { name: /Kallelsens uppgifter/ }).click();
  await expect(page.getByLabel("Kommun")).toHaveValue("botkyrka");
});

test("a finding waits until its field was left; what is missing is marked at its field", async ({ page }) => {
  await go(page);
  await page.getByRole("button", { name: /tomt.*Tjänsteskrivelse/ }).click();
  await expect(page.locator(".findings-head")).toContainText("återstår");
  await expect(page.locator(".finding-words")).toHaveCount(0);
  await screen(page, "findings-waiting");
  await accessible(page);
  const title = field(page, "/title");
  await expect(title).toHaveAttribute("required", "");
  await expect(title).toHaveAttribute("aria-invalid", "false");
  await title.focus();
  await page.keyboard.press("Tab");
  await expect(words(page, "/title")).toContainText("Rubrik saknas");
  await expect(title).toHaveAttribute("aria-invalid", "true");
  expect(await title.getAttribute("aria-describedby")).toContain("f/title--findings");
  await title.fill("En rubrik");
  const date = field(page, "/date");
  await date.focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("2026-13-4");
  await page.waitForTimeout(1200);
  await expect(words(page, "/date")).toHaveCount(0);
  await page.keyboard.press("Tab");
  await expect(words(page, "/date")).toBeVisible();
  await screen(page, "finding-left");
  await date.fill("2026-12-04");
  await page.getByRole("button", { name: "Hämta PDF" }).click();
  await expect(words(page, "/mottagare")).toContainText("saknas");
  await expect(page.getByRole("group", { name: "Mottagare" })).toHaveAttribute("aria-describedby", "f/mottagare--findings");
});

test("no remedy speaks of code", async ({ page, request }) => {
  const schemas = new Map<string, (finding: Finding) => Finding>();
  const wordsFor = async (kind: string) => {
    const known = schemas.get(kind);
    if (known) return known;
    const made = plainWords((await (await request.get(`${URL_OF_SERVICE()}/v1/schemas/${kind}`)).json()) as Parameters<typeof plainWords>[0]);
    schemas.set(kind, made);
    return made;
  };
  let count = 0;
  const bad: string[] = [];
  const root = fixture("known-bad");
  for (const name of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".json")) continue;
    const text = readFileSync(`${root}/${name}`, "utf8");
    let kind: unknown;
    try {
      kind = (JSON.parse(text) as { kind?: unknown }).kind;
    } catch {
      // The page writes the JSON itself.
      continue;
    }
    if (typeof kind !== "string") continue;
    const answer = await request.post(`${URL_OF_SERVICE()}/v1/check`, { data: text, headers: { "Content-Type": "application/json" } });
    const { findings = [] } = (await answer.json()) as { findings?: Finding[] };
    for (const found of findings) {
      const told = (await wordsFor(kind).catch(() => (finding: Finding) => finding))(found);
      for (const help of [told.help_sv, told.help_en]) {
        if (!help) continue;
        count++;
        if (/["{}^\\]|\bnull\b|--|\bJSON\b|[a-z]_[a-z]|\b[A-Z]{3}\d{3}\b/.test(help)) bad.push(`${name}: ${help}`);
      }
    }
  }
  expect(bad).toEqual([]);
  expect(count).toBeGreaterThan(60);
  await go(page);
  await openFile(page, fixture("known-bad/SUM002/published-2013.json"));
  await page.getByRole("button", { name: /1 fel/ }).click();
  await expect(page.locator(".findings-list")).toContainText("välj Räkna ut för cellen");
  await expect(page.locator(".findings-list")).not.toContainText("SUM002");
});

test.describe("phone", () => {
  test.use({ viewport: { width: 390, height: 844 } });
  test("many findings do not lie over what is to be pressed", async ({ page }) => {
    await go(page, "kallelse");
    await page.getByRole("button", { name: "Börja från mall" }).click();
    await page.locator(".findings-head button").click();
    await expect(page.locator(".findings-list li").first()).toBeAttached();
    await page.getByRole("button", { name: "Gör PDF" }).click({ timeout: 5_000 });
    await screen(page, "template-left-phone", true);
    await accessible(page);
  });
});

/** Everything to press or write in that is smaller than a fingertip may hit (WCAG 2.2, 2.5.8). */
async function small(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const out: string[] = [];
    for (const element of document.querySelectorAll<HTMLElement>("a[href], button, input, select, textarea, summary, [role=button]")) {
      const box = element.getBoundingClientRect();
      const shown = element.checkVisibility({ visibilityProperty: true }) && box.width > 2 && box.top > -100 && !element.closest("[aria-hidden=true], .visually-hidden") && element.getAttribute("aria-hidden") !== "true";
      if (shown && (box.width < 23.9 || box.height < 23.9)) out.push(`${element.tagName} ${element.getAttribute("aria-label") ?? element.textContent ?? ""} ${Math.round(box.width)}×${Math.round(box.height)}`);
    }
    return out;
  });
}

for (const [name, viewport] of Object.entries({ desktop: { width: 1440, height: 900 }, tablet: { width: 820, height: 1180 }, phone: { width: 390, height: 844 } })) {
  test.describe(name, () => {
    test.use({ viewport });
    test("everything to press is large enough", async ({ page }) => {
      await go(page);
      expect(await small(page)).toEqual([]);
      await openFile(page, fixture(`${MEETING}/2-delarsrapport.json`));
      await expect(field(page, "/title")).toBeVisible();
      await drawn(page);
      await page.locator(".fold-head button[aria-expanded=false]").evaluateAll((all) => all.forEach((fold) => (fold as HTMLElement).click()));
      expect(await small(page)).toEqual([]);
      await screen(page, `size-${name}`);
      await page.getByRole("link", { name: "Kallelse", exact: true }).click();
      await openFile(page, fixture(`${MEETING}/0-kallelse.json`));
      await expect(page.locator(".item")).toHaveCount(10);
      expect(await small(page)).toEqual([]);
      await screen(page, `size-pack-${name}`);
      await page.getByRole("link", { name: "Kontrollera", exact: true }).click();
      expect(await small(page)).toEqual([]);
    });
  });
}

test("names read well where a list's title is a phrase", async ({ page }) => {
  await go(page);
  await openFile(page, fixture("exempel/tjansteskrivelse.json"));
  await expect(page.getByRole("textbox", { name: "Mottagare av beslutet 1", exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Lägg till mottagare av beslutet", exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Lägg till del i Sammanfattning", exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Fler uppgifter" }).click();
  await expect(page.getByRole("button", { name: "Lägg till diarienummer", exact: true })).toBeVisible();
});

test("Swedish words are marked as such on the English page", async ({ page }) => {
  await go(page);
  await openFile(page, fixture(`${MEETING}/2-delarsrapport.json`));
  await page.getByRole("button", { name: "English" }).click();
  await expect(field(page, "/title")).toHaveAttribute("lang", "sv");
  // Dates, times and figures have no language.
  const unmarked = await page.locator(".form-pane input[type=text]:not(.date input):not(.short):not([lang=sv]), .form-pane textarea:not([lang=sv])").evaluateAll((all) => all.map((one) => one.id));
  expect(unmarked).toEqual([]);
  await expect(page.locator(".pages")).toHaveAttribute("lang", "sv");
  await accessible(page);
});

test("files that do not belong are refused with a word, wherever they are given", async ({ page }, info) => {
  const path = (name: string) => info.outputPath(name);
  const { writeFileSync } = await import("node:fs");
  for (const name of ["brev.docx", "budget.xlsx", "bild.png", "film.mp4"]) writeFileSync(path(name), "x");
  await go(page);
  const alert = page.getByRole("alert");
  await choose(page, page.getByRole("button", { name: "Öppna en sparad fil" }), path("brev.docx"));
  await expect(alert).toContainText("är ett Word-dokument");
  await choose(page, page.getByRole("button", { name: "Öppna en sparad fil" }), path("budget.xlsx"));
  await expect(alert).toContainText("är ett kalkylark");
  await choose(page, page.getByRole("button", { name: "Öppna en sparad fil" }), path("film.mp4"));
  await expect(alert).toContainText("film.mp4 är ingen fil som kan öppnas här");
  await screen(page, "file-refused");
  await page.getByRole("link", { name: "Kallelse", exact: true }).click();
  await choose(page, page.getByRole("button", { name: "Öppna en sparad fil" }), path("brev.docx"));
  await expect(alert).toContainText("är ett Word-dokument");
});
