import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { accessible, choose, drop, expect, fixture, go, screen, test } from "./page.ts";
import { SIGILL_BIN } from "./service.ts";

/** A document with a signature of a certificate that nobody has issued. */
function signed(path: (name: string) => string): string {
  const [key, cert, pdf, out] = ["nyckel.pem", "certifikat.pem", "dokument.pdf", "undertecknad.pdf"].map(path) as [string, string, string, string];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "30", "-subj", "/CN=Anna Exempelsson/O=Exempelkommunen/C=SE", "-addext", "keyUsage=digitalSignature,nonRepudiation"], { stdio: "ignore" });
  execFileSync(SIGILL_BIN, ["render", fixture("exempel/dokument.json"), "-o", pdf], { stdio: "ignore" });
  execFileSync(SIGILL_BIN, ["sign", pdf, "-o", out, "--field", "driftledare", "--key", key, "--cert", cert, "--level", "b"], { stdio: "ignore" });
  return out;
}

test("a signed PDF is judged, and one that has been changed", async ({ page }, info) => {
  const path = signed((name) => info.outputPath(name));
  await go(page, "kontrollera");
  await screen(page, "verify-start");
  await accessible(page);
  await choose(page, page.getByRole("button", { name: "välj fil" }), path);
  await expect(page.getByRole("heading", { name: /Anna Exempelsson/ })).toBeVisible();
  await expect(page.locator(".signature")).toContainText("Går inte att avgöra");
  await expect(page.locator(".signature")).toContainText("NO_CERTIFICATE_CHAIN_FOUND");
  await expect(page.getByRole("heading", { name: "Standarder" })).toBeVisible();
  await screen(page, "verify-signed", true);
  await accessible(page);

  const [report] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Hämta rapport (PDF)" }).click()]);
  const pdf = info.outputPath("kontroll.pdf");
  await report.saveAs(pdf);
  expect(readFileSync(pdf).subarray(0, 5).toString()).toBe("%PDF-");
  const [json] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Hämta rapport (JSON)" }).click()]);
  const saved = info.outputPath("kontroll.json");
  await json.saveAs(saved);
  expect(JSON.parse(readFileSync(saved, "utf8"))).toHaveProperty("report.signatures");

  const bytes = readFileSync(path);
  bytes[400] = (bytes[400] ?? 0) ^ 1;
  const changed = info.outputPath("andrad.pdf");
  writeFileSync(changed, bytes);
  await drop(page, page.locator(".verify"), [changed]);
  await expect(page.locator(".verdict")).toContainText("Minst en underskrift är inte giltig.");
  await screen(page, "verify-changed", true);
  await accessible(page);
});

test("an unsigned PDF, and what is no PDF", async ({ page }) => {
  await go(page, "kontrollera");
  await drop(page, page.locator(".verify"), [fixture("bilagor/office-export-10-pages.pdf")]);
  await expect(page.locator(".verdict")).toContainText("Filen är inte undertecknad.");
  await drop(page, page.locator(".verify"), [fixture("exempel/logga.svg")]);
  await expect(page.getByRole("alert")).toContainText("Filen är ingen PDF.");
});
