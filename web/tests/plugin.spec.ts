import { accessible, expect, field, go, screen, test } from "./page.ts";

/** A kind by others, with what their schemas may have and ours have not. */
const SCHEMA = {
  type: "object",
  properties: {
    kind: { const: "min-typ" },
    title: { type: "string", title: "Rubrik" },
    val: {
      title: "Val",
      anyOf: [
        { title: "Tal", type: "number" },
        { title: "Par", type: "object", properties: { a: { type: "string", title: "A" }, b: { type: "integer", title: "B" } } },
      ],
    },
    fritt: { title: "Fritt", type: "object", additionalProperties: { type: "string" } },
    farg: { title: "Färg", enum: ["röd", "blå"] },
    nagot: { title: "Något" },
    lista: { title: "Lista", type: "array", items: { type: "integer" } },
  },
  required: ["kind", "title"],
};

test("a kind by others has a form", async ({ page }) => {
  let sent = "";
  await page.route("**/v1/kinds", (route) => route.fulfill({ json: [{ name: "min-typ", title_sv: "Min typ", title_en: "My kind", plugin: true }] }));
  await page.route("**/v1/schemas/min-typ", (route) => route.fulfill({ json: SCHEMA }));
  await page.route("**/v1/render*", (route) => {
    sent = route.request().postData() ?? "";
    return route.fulfill({
      status: 422,
      contentType: "application/problem+json",
      json: { type: "/problems/document-has-errors", title: "Fel", status: 422, findings: [{ code: "MIN001", severity: "error", pointer: "/val/a", message_sv: "för kort", message_en: "too short" }] },
    });
  });
  await go(page);
  await page.getByRole("button", { name: /tomt/ }).click();
  await field(page, "/title").fill("Egen typ");
  await page.getByLabel("Val", { exact: true }).selectOption("Par");
  await field(page, "/val/a").fill("x");
  await field(page, "/fritt").fill('{"b": 1.50}');
  await page.getByLabel("Färg").selectOption("blå");
  await page.getByRole("button", { name: "Lägg till lista" }).click();
  await field(page, "/lista/0").locator("input").or(field(page, "/lista/0").and(page.locator("input"))).first().fill("7");
  await expect(field(page, "/val/a")).toHaveAttribute("aria-invalid", "true");
  await expect.poll(() => sent).toContain('"val":{"a":"x"}');
  await expect.poll(() => sent).toContain('"fritt":{"b":1.50}');
  await expect.poll(() => sent).toContain('"farg":"blå"');
  await expect.poll(() => sent).toContain('"lista":[7]');
  await screen(page, "plugin");
  await accessible(page);
});

test("a view that cannot be drawn says so", async ({ page, watched }) => {
  await page.route("**/v1/kinds", (route) => route.fulfill({ json: [{ name: "trasig", title_sv: "Trasig", title_en: "Broken", plugin: true }] }));
  await page.route("**/v1/schemas/trasig", (route) => route.fulfill({ json: { type: "object", properties: { a: { $ref: "#/$defs/Saknas" } } } }));
  await go(page);
  await page.getByRole("button", { name: /tomt/ }).click();
  await expect(page.getByRole("alert")).toContainText("Sidan kunde inte visas.");
  await accessible(page);
  watched.length = 0;
});
