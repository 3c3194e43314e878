// Opens a PDF in pdf.js as a browser would, reads every page, and says how many there are and what pdf.js warned of.
// Usage: node open.mjs MODULES FILE

import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [modules, file] = process.argv.slice(2);
const warnings = [];
console.log = (...words) => warnings.push(words.join(" "));
console.warn = console.log;
const { getDocument } = await import(pathToFileURL(`${modules}/pdfjs-dist/legacy/build/pdf.mjs`).href);
const data = new Uint8Array(await readFile(file));
const standardFontDataUrl = `${modules}/pdfjs-dist/standard_fonts/`;
const cMapUrl = `${modules}/pdfjs-dist/cmaps/`;
const pdf = await getDocument({ data, standardFontDataUrl, cMapUrl, cMapPacked: true, verbosity: 1 }).promise;
let letters = 0;
let links = 0;
for (let number = 1; number <= pdf.numPages; number += 1) {
  const page = await pdf.getPage(number);
  const text = await page.getTextContent();
  letters += text.items.reduce((sum, item) => sum + (item.str ?? "").length, 0);
  const annotations = await page.getAnnotations();
  links += annotations.filter((a) => a.subtype === "Link" && (a.dest || a.url)).length;
  await page.getOperatorList();
}
const outline = (await pdf.getOutline()) ?? [];
const count = (entries) => entries.reduce((sum, entry) => sum + 1 + count(entry.items), 0);
// What pdf.js says of its own surroundings is no fault of the file.
const own = /canvas|DOMMatrix|Path2D|ImageData|polyfill|JBig2|OpenJPEG|QCMS|wasm/i;
const labels = await pdf.getPageLabels();
process.stdout.write(`${JSON.stringify({
  pages: pdf.numPages,
  letters,
  links,
  bookmarks: count(outline),
  labels: labels ? [labels[0], labels[labels.length - 1]] : null,
  warnings: warnings.filter((w) => !own.test(w)),
})}\n`);
