import type { ChildProcess } from "node:child_process";
import type { Page } from "@playwright/test";
import { AUDIENCE, CLIENT, Issuer, type Person } from "./issuer.ts";
import { accessible, drawn, elsewhere, expect, field, fits, fixture, openFile, screen, test } from "./page.ts";
import { start } from "./service.ts";

/** How far apart the service lets clocks be, in seconds: a token is good that much longer. */
const LEEWAY = 60;
const CLERK: Person = { sub: "u-17", name: "Åsa Ek", groups: ["personal"] };
const SECRETARY: Person = { sub: "u-18", name: "Hanna Provskog", groups: ["personal", "namndsekreterare"] };

const issuer = new Issuer();
let url = "";
let child: ChildProcess | null = null;

test.beforeAll(async () => {
  await issuer.start();
  ({ url, child } = await start(`
[access.oidc]
issuer = "${issuer.address}"
audience = "${AUDIENCE}"
client_id = "${CLIENT}"
scopes = ["render", "verify"]
claim = "groups"
values = { pack = "namndsekreterare" }
`));
  issuer.page = url;
  elsewhere.add(url).add(issuer.address);
});
test.afterAll(() => {
  elsewhere.clear();
  child?.kill();
  issuer.stop();
});
test.beforeEach(() => {
  Object.assign(issuer, { person: CLERK, seconds: 300, state: null, audience: AUDIENCE });
  issuer.tokens.length = 0;
});
test.afterEach(() => expect(issuer.faults).toEqual([]));

const dialog = (page: Page) => page.getByRole("dialog", { name: "Logga in" });

/** To the issuer and back, with what is chosen there. */
async function signIn(page: Page, answer = "Logga in"): Promise<void> {
  await dialog(page).getByRole("button", { name: "Logga in med kommunens konto" }).click();
  await expect(page.getByRole("heading", { name: "Kommunens inloggning" })).toBeVisible();
  await page.getByRole("button", { name: answer }).click();
  await expect(page.locator("h1")).toBeVisible();
}

test("signing in, a document, a view that is not allowed, and a reload", async ({ page }) => {
  await page.goto(url);
  await expect(dialog(page)).toContainText("Tjänsten kräver att du loggar in.");
  await expect(dialog(page).getByRole("button", { name: "Logga in med kommunens konto" })).toBeFocused();
  await screen(page, "oidc-dialog");
  await accessible(page);
  await signIn(page);
  await expect(page.getByRole("button", { name: "Åsa Ek: logga ut" })).toBeVisible();
  await expect(dialog(page)).toBeHidden();
  expect(issuer.tokens).toEqual([true]);
  expect(page.url()).toBe(`${url}/`);

  await openFile(page, fixture("exempel/tjansteskrivelse.json"));
  await drawn(page);
  await expect(page.getByRole("button", { name: "Hämta PDF" })).toBeEnabled();
  await screen(page, "oidc-signed-in");

  await page.getByRole("link", { name: "Kallelse" }).click();
  await expect(page.getByText("Du har inte behörighet att göra kallelser till PDF.")).toBeVisible();
  await page.getByRole("button", { name: "Börja från tomt" }).click();
  await page.getByRole("button", { name: "Gör PDF" }).click();
  await expect(page.getByRole("alert")).toContainText("Du har inte behörighet att göra detta.");
  await screen(page, "oidc-not-allowed", true);
  await accessible(page);

  await page.reload();
  await expect(page.getByRole("button", { name: "Åsa Ek: logga ut" })).toBeVisible();
  await page.getByRole("link", { name: "Dokument", exact: true }).click();
  await drawn(page);
  // The code is nowhere behind the back button either.
  const seen: string[] = [];
  page.on("framenavigated", (frame) => seen.push(frame.url()));
  for (let i = 0; i < 6; i++) await page.goBack().catch(() => null);
  expect(seen.length).toBeGreaterThan(2);
  expect(seen.filter((at) => at.includes("code="))).toEqual([]);
});

test("whoever is in the group may make a pack; signing out forgets them", async ({ page }) => {
  issuer.person = SECRETARY;
  await page.goto(`${url}/#/kallelse`);
  await signIn(page);
  // Back in the view that was left.
  expect(page.url()).toBe(`${url}/#/kallelse`);
  await expect(page.getByText("Du har inte behörighet")).toHaveCount(0);
  await openFile(page, fixture("exempel/kallelse.json"));
  await page.getByRole("button", { name: "Lägg till filer" }).waitFor();
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Lägg till filer" }).click()]);
  await chooser.setFiles(["delarsrapport", "ordforandeforslag", "tjansteskrivelse", "projektuppfoljning"].map((n) => fixture(`exempel/${n}.json`)));
  await page.getByRole("button", { name: "Gör PDF" }).click();
  await expect(page.locator(".build-progress p")).toContainText("Klar", { timeout: 60_000 });
  await page.getByRole("button", { name: "Hanna Provskog: logga ut" }).click();
  await expect(dialog(page)).toContainText("Tjänsten kräver att du loggar in.");
  await page.reload();
  await expect(dialog(page)).toBeVisible();
  expect(await page.evaluate(() => Object.values(sessionStorage).some((value: string) => value.startsWith("ey")))).toBe(false);
});

test("a sign-in that has expired is told of, and what is written is there afterwards", async ({ page }) => {
  const asked: string[] = [];
  page.on("dialog", (shown) => asked.push(shown.type()));
  await page.goto(url);
  issuer.seconds = 8 - LEEWAY;
  await signIn(page);
  await expect(page.getByRole("button", { name: "Åsa Ek: logga ut" })).toBeVisible();
  await openFile(page, fixture("exempel/dokument.json"));
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Lägg till bildfil" }).click()]);
  await chooser.setFiles(fixture("exempel/logga.svg"));
  await drawn(page);
  await expect(async () => {
    await field(page, "/title").fill(`Skriven ${Date.now()}`, { timeout: 500 });
    await expect(dialog(page)).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 20_000 });
  await expect(dialog(page).getByRole("alert").first()).toHaveText("Din inloggning har gått ut. Logga in igen; det du har skrivit finns kvar.");
  await screen(page, "oidc-expired");
  await accessible(page);
  const written = await field(page, "/title").inputValue();

  issuer.seconds = 300;
  await signIn(page);
  await expect(field(page, "/title")).toHaveValue(written);
  await expect(page.getByText("Filen logga.svg är tillagd.")).toBeVisible();
  await drawn(page);
  await expect(page.getByRole("button", { name: "Åsa Ek: logga ut" })).toBeVisible();
  expect(asked).toEqual([]);

  // The same is said when the window is opened again with an old one.
  issuer.seconds = -2 * LEEWAY;
  await page.evaluate((token) => sessionStorage.setItem("sigill.token", token), issuer.token());
  await page.reload();
  await expect(dialog(page).getByRole("alert").first()).toContainText("Din inloggning har gått ut.");
  issuer.seconds = 300;
  await signIn(page);
  await expect(field(page, "/title")).toHaveValue(written);
});

test("what does not belong to the sign-in is refused", async ({ page }) => {
  const failed = async () => {
    await expect(dialog(page).getByRole("alert").first()).toHaveText("Inloggningen gick inte igenom. Försök igen.");
    expect(page.url()).toBe(`${url}/`);
    expect(await page.evaluate(() => sessionStorage.getItem("sigill.token"))).toBeNull();
  };
  await page.goto(url);
  issuer.state = "a".repeat(43);
  await signIn(page);
  await failed();
  expect(issuer.tokens).toEqual([]);
  await screen(page, "oidc-failed");
  await accessible(page);

  // A code that nobody here asked for, as in a link from others.
  issuer.state = null;
  await page.goto(`${url}/?code=abc&state=${"b".repeat(43)}`);
  await failed();
  expect(issuer.tokens).toEqual([]);

  await signIn(page, "Avbryt");
  await failed();
  expect(issuer.tokens).toEqual([]);

  // A token for another service.
  issuer.audience = "en-annan";
  await signIn(page);
  await expect(dialog(page).getByRole("alert").first()).toContainText("tjänsten godtar inte inloggningen");
  await screen(page, "oidc-refused");
  await accessible(page);
  issuer.audience = AUDIENCE;
  await signIn(page);
  await expect(page.getByRole("button", { name: "Åsa Ek: logga ut" })).toBeVisible();
});

test.describe("phone", () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true });

  test("the dialog fits", async ({ page }) => {
    await page.goto(url);
    await expect(dialog(page)).toBeVisible();
    await fits(page);
    await screen(page, "phone-oidc");
    await page.getByRole("button", { name: "Avbryt" }).click();
    await expect(page.getByText("Du är inte inloggad.")).toBeVisible();
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("dialog", { name: "Sign in" })).toContainText("The service needs you to sign in.");
    await fits(page);
    await accessible(page);
  });
});
