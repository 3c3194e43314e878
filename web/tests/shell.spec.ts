import type { Page } from "@playwright/test";
import { accessible, drawn, drop, expect, field, fits, fixture, go, MEETING, openFile, screen, test, URL_OF_SERVICE } from "./page.ts";

const KEY = "sigill_prov";

/** The service as it is when it wants a key. */
async function withKey(page: Page): Promise<void> {
  await page.route("**/v1/**", async (route) => {
    const right = route.request().headers()["authorization"] === `Bearer ${KEY}`;
    if (route.request().url().endsWith("/v1/session")) {
      await route.fulfill({ json: { authenticated: right, required: true, name: right ? "Provkontoret" : null, scopes: ["render"], version: "0.1.0", oidc: null } });
    } else if (right) await route.continue({ headers: { ...route.request().headers(), authorization: "" } });
    else await route.fulfill({ status: 401, contentType: "application/problem+json", json: { type: "/problems/not-authenticated", title: "Nyckel krävs", status: 401 } });
  });
}

test("the key is asked for, tried, kept for the window and forgotten", async ({ page }) => {
  await withKey(page);
  await page.goto(URL_OF_SERVICE());
  const dialog = page.getByRole("dialog", { name: "Nyckel till tjänsten" });
  await expect(dialog).toBeVisible();
  await screen(page, "key-dialog");
  await accessible(page);
  await dialog.getByLabel("Nyckel").fill("sigill_fel");
  await page.keyboard.press("Enter");
  await expect(dialog.getByText("Nyckeln gäller inte.")).toBeVisible();
  await accessible(page);
  await dialog.getByLabel("Nyckel").fill(KEY);
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("heading", { name: "Tjänsteskrivelse" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { name: "Tjänsteskrivelse" })).toBeVisible();
  await page.getByRole("button", { name: /logga ut/ }).click();
  await expect(dialog).toBeVisible();
});

test("a busy service is asked again, a silent one is told of", async ({ page, watched }) => {
  let refusals = 2;
  await page.route("**/v1/render*", async (route) => {
    if (refusals-- > 0) await route.fulfill({ status: 429, headers: { "Retry-After": "0", "Content-Type": "application/problem+json" }, body: '{"type":"/problems/too-many-requests","title":"x","status":429}' });
    else await route.continue();
  });
  await go(page);
  await openFile(page, fixture("exempel/tjansteskrivelse.json"));
  const before = await drawn(page);
  expect(refusals).toBeLessThan(0);
  await page.unroute("**/v1/render*");
  await page.route("**/v1/render*", (route) => route.abort());
  await field(page, "/title").fill("Utan nät");
  await expect(page.getByRole("alert")).toContainText("Tjänsten svarar inte");
  await screen(page, "offline");
  await accessible(page);
  await page.unroute("**/v1/render*");
  await page.getByRole("button", { name: "Försök igen" }).click();
  await drawn(page, before);
  await expect(page.getByText("Tjänsten svarar inte")).toBeHidden();
  // The browser notes each failed request.
  watched.splice(0, watched.length, ...watched.filter((line) => !line.includes("net::ERR_FAILED")));
});

test.describe("phone", () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true });

  test("every view fits; form and preview are two tabs", async ({ page }) => {
    await go(page);
    await fits(page);
    await screen(page, "phone-start");
    await openFile(page, fixture(`${MEETING}/2-tjansteskrivelse.json`));
    await expect(field(page, "/title")).toBeVisible();
    await fits(page);
    await screen(page, "phone-form");
    await accessible(page);
    await page.getByRole("button", { name: "Förhandsvisning" }).click();
    await expect(page.locator(".preview canvas").first()).toBeVisible();
    await fits(page);
    await screen(page, "phone-preview");
    await accessible(page);
    await openFile(page, fixture("known-bad/SUM002/published-2013.json"));
    await page.getByRole("button", { name: /1 fel/ }).click({ timeout: 3000 }).catch(async () => {
      await page.getByRole("button", { name: "Formulär" }).click();
      await page.getByRole("button", { name: /1 fel/ }).click();
    });
    await page.locator(".findings-list button").first().click();
    await expect(field(page, "/ekonomi/0/rows/21/cells/5")).toBeFocused();
    await screen(page, "phone-cell");
    await fits(page);
    await go(page, "kallelse");
    await openFile(page, fixture(`${MEETING}/0-kallelse.json`));
    await expect(page.locator(".item")).toHaveCount(10);
    await fits(page);
    await screen(page, "phone-pack", true);
    await accessible(page);
    await go(page, "kontrollera");
    await drop(page, page.locator(".verify"), [fixture("bilagor/office-export-10-pages.pdf")]);
    await expect(page.locator(".verdict")).toBeVisible();
    await fits(page);
    await screen(page, "phone-verify", true);
    await accessible(page);
  });
});

test("a document is made with the keyboard alone", async ({ page }) => {
  await go(page);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Till innehållet" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("main")).toBeFocused();
  await expect(page.getByRole("button", { name: /mall ?: Tjänsteskrivelse/ })).toBeVisible();
  const until = async (name: RegExp, key = "Tab") => {
    for (let i = 0; i < 80; i++) {
      await page.keyboard.press(key);
      const label = await page.evaluate(() => {
        const at = document.activeElement;
        // Their text is that of all that is in them.
        if (at?.matches("body, main")) return "";
        const described = at?.id ? document.querySelector(`label[for="${CSS.escape(at.id)}"]`)?.textContent : "";
        return `${at?.getAttribute("aria-label") ?? ""} ${at?.textContent ?? ""} ${described ?? ""}`;
      });
      if (name.test(label)) return;
    }
    throw new Error(`no way to ${name.source}`);
  };
  await until(/mall.*Tjänsteskrivelse/);
  await page.keyboard.press("Enter");
  await drawn(page);
  await until(/Rubrik/);
  await page.keyboard.press("Control+a");
  await page.keyboard.type("Skriven utan mus");
  await until(/Lägg till referens/);
  await page.keyboard.press("Enter");
  await expect(field(page, "/referens/1")).toBeFocused();
  await page.keyboard.type("Bo Provberg");
  await until(/Spara/, "Shift+Tab");
  const [saved] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  expect(saved.suggestedFilename()).toBe("skriven-utan-mus.json");
});

test("markup in a text field is text, everywhere", async ({ page }) => {
  const evil = '<img src=x onerror="window.hit=1"><script>window.hit=1</script><b>fet</b>';
  await go(page);
  await page.getByRole("button", { name: /mall.*Tjänsteskrivelse/ }).click();
  await drawn(page);
  await page.getByRole("button", { name: /Lägg till underskrift/ }).click();
  await page.getByRole("button", { name: "Fler uppgifter" }).click();
  const inputs = page.locator('.form-scroll input[type="text"], .form-scroll textarea');
  const count = await inputs.count();
  expect(count).toBeGreaterThan(20);
  for (let i = 0; i < count; i++) await inputs.nth(i).fill(evil);
  await page.waitForTimeout(600);
  const toggle = page.getByRole("button", { name: /Visa anmärkningar/ });
  if (await toggle.isVisible()) await toggle.click();
  await screen(page, "markup-is-text");
  expect(await page.evaluate(() => (window as unknown as { hit?: number }).hit)).toBeUndefined();
  expect(await page.locator(".form-scroll img, .form-scroll b, .findings img, .findings b").count()).toBe(0);

  await go(page, "kallelse");
  await page.getByRole("button", { name: "Börja från mall" }).click();
  await page.locator(".item").first().getByRole("button", { name: /^Uppgifter/ }).first().click();
  await field(page, "/arenden/0/title").fill(evil);
  await expect(page.locator(".item-title").first()).toHaveText(evil);
  expect(await page.evaluate(() => (window as unknown as { hit?: number }).hit)).toBeUndefined();
});

test("every kind has a form from its template and from nothing", async ({ page }) => {
  await go(page);
  await expect(page.locator(".kinds li").first()).toBeVisible();
  const kinds = await page.locator(".kinds li h2").allTextContents();
  for (const kind of kinds) {
    for (const from of ["mall", "tomt"]) {
      await page.locator(".kinds li", { has: page.getByRole("heading", { name: kind, exact: true }) }).getByRole("button", { name: new RegExp(from) }).click();
      await expect(field(page, "/title")).toBeVisible();
      await page.waitForTimeout(700);
      await accessible(page);
      await screen(page, `kind-${kind.toLowerCase().replace(/[^a-z]+/g, "")}-${from}`);
      await page.getByRole("button", { name: "Börja om" }).click();
      await expect(page.locator(".kinds")).toBeVisible();
    }
  }
});

test("the page in English", async ({ page }) => {
  await go(page);
  await page.getByRole("button", { name: "English" }).click();
  await openFileIn(page, /^Open a saved file$/, fixture("exempel/tjansteskrivelse.json"));
  await drawn(page);
  await screen(page, "english-document");
  await accessible(page);
  await go(page, "kallelse");
  await openFileIn(page, /^Open a saved file$/, fixture(`${MEETING}/0-kallelse.json`));
  await screen(page, "english-pack");
  await accessible(page);
});

async function openFileIn(page: Page, name: RegExp, path: string): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name }).click()]);
  await chooser.setFiles(path);
}
