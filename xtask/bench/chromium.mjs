/**
 * Chromium kept warm, a new tab for each document, as Gotenberg has it: FILE OUTPUT BROWSER RUNS.
 * The time is from the opened tab to the PDF in hand. Prints the median in milliseconds as JSON.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const puppeteer = createRequire(new URL("../../web/package.json", import.meta.url))("puppeteer-core");

const [file, output, executablePath, runs] = process.argv.slice(2);
const template = readFileSync(file, "utf8");
const source = join(dirname(file), "chromium.html");
const browser = await puppeteer.launch({ executablePath, headless: true, args: ["--no-sandbox", "--disable-gpu"] });
try {
  const times = [];
  let pdf;
  for (let number = 0; number < Number(runs) + 3; number += 1) {
    writeFileSync(source, template.replaceAll("@NUMBER@", String(10_000_000 + number)));
    const began = performance.now();
    const page = await browser.newPage();
    await page.goto(pathToFileURL(source).href, { waitUntil: "load" });
    pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true, tagged: true });
    await page.close();
    times.push(performance.now() - began);
  }
  writeFileSync(output, pdf);
  // The first three warm it.
  const sorted = times.slice(3).sort((a, b) => a - b);
  console.log(JSON.stringify({ median: sorted[Math.floor(sorted.length / 2)] }));
} finally {
  await browser.close();
}
