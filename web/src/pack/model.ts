/** The kallelse as a pack: its items, their documents and the files these name. All pure. */
import { isObject, type Json, type JsonObject } from "../lib/json.ts";
import { scalarText } from "../lib/numbers.ts";
import { moved } from "../lib/pointer.ts";

export const itemsOf = (model: JsonObject): JsonObject[] =>
  Array.isArray(model["arenden"]) ? model["arenden"].map((item) => (isObject(item) ? item : {})) : [];

export const documentsOf = (item: JsonObject): JsonObject[] =>
  Array.isArray(item["handlingar"]) ? item["handlingar"].map((doc) => (isObject(doc) ? doc : {})) : [];

/** The number that an item has in the list: its own, or its place. */
export const numberOf = (item: JsonObject, index: number): string => scalarText(item["nummer"]) || String(index + 1);

/** Items after a move. When every one has a number they are numbered anew, in the same order of numbers. */
export function moveItem(items: readonly JsonObject[], from: number, to: number): JsonObject[] {
  const next = moved(items, from, to);
  if (!items.every((item) => item["nummer"] !== undefined)) return next;
  return next.map((item, i) => ({ ...item, nummer: items[i]?.["nummer"] ?? null }));
}

/** A document of an item, where it came from and what it is called. */
export type DocumentSort = "own" | "foreign" | "inline" | "none";

export function sortOf(doc: JsonObject): DocumentSort {
  if (isObject(doc["dokument"])) return "inline";
  if (scalarText(doc["dokument"]) !== "") return "own";
  const file = scalarText(doc["file"]);
  if (file === "") return "none";
  return /\.json$/i.test(file) ? "own" : "foreign";
}

export const fileOf = (doc: JsonObject): string =>
  scalarText(isObject(doc["dokument"]) ? undefined : doc["dokument"]) || scalarText(doc["file"]);

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
const folderOf = (path: string): string => (path.includes("/") ? path.slice(0, path.lastIndexOf("/") + 1) : "");

/** `a/b` and `../c` give `a/c`. Nothing leads out of the folder of the kallelse. */
export function resolvePath(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of (folder + path).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}

/** Files that a report model names: its bilagor and its pictures. */
export function filesInReport(report: Json | undefined, folder: string): string[] {
  const found: string[] = [];
  const walk = (value: Json | undefined) => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (isObject(value)) {
      if (value["type"] === "image") found.push(scalarText(value["file"]));
      for (const inner of Object.values(value)) walk(inner);
    }
  };
  walk(report);
  if (isObject(report) && Array.isArray(report["bilagor"])) {
    for (const bilaga of report["bilagor"]) if (isObject(bilaga)) found.push(scalarText(bilaga["file"]));
  }
  return found.filter((path) => path !== "").map((path) => resolvePath(folder, path));
}

/** Every file that the pack needs, in order, each once. `reports` are the models of the document files at hand. */
export function neededFiles(model: JsonObject, reports: ReadonlyMap<string, Json>): string[] {
  const needed = new Set<string>();
  for (const path of filesInReport({ ...model, arenden: [] }, "")) needed.add(path);
  for (const item of itemsOf(model)) {
    for (const doc of documentsOf(item)) {
      if (isObject(doc["dokument"])) for (const path of filesInReport(doc["dokument"], "")) needed.add(path);
      const file = fileOf(doc);
      if (file === "") continue;
      const path = resolvePath("", file);
      needed.add(path);
      for (const inner of filesInReport(reports.get(path), folderOf(path))) needed.add(inner);
    }
  }
  return [...needed];
}

/** The needed file that an added one stands for: the same path, or the same name in some folder. */
export function matchNeeded(added: string, missing: readonly string[]): string | undefined {
  return (
    missing.find((path) => path === added) ??
    missing.find((path) => added.endsWith("/" + path)) ??
    missing.find((path) => baseName(path).normalize("NFC") === baseName(added).normalize("NFC"))
  );
}

/** The name of a file from the user's disk, without what a path may not hold on every system. */
export function safeName(name: string): string {
  const clean = name.normalize("NFC").replace(/[\\/:\p{Cc}]/gu, "_");
  return clean === "." || clean === ".." || clean === "" ? "fil" : clean;
}

/** A path that no other file has, also where large and small letters are the same. */
export function freePath(wanted: string, others: Iterable<string>): string {
  const known = new Set([...others].map((path) => path.toLowerCase()));
  const taken = (path: string) => known.has(path.toLowerCase());
  if (!taken(wanted)) return wanted;
  const dot = wanted.lastIndexOf(".");
  const [stem, end] = dot > 0 ? [wanted.slice(0, dot), wanted.slice(dot)] : [wanted, ""];
  let n = 2;
  while (taken(`${stem}-${n}${end}`)) n++;
  return `${stem}-${n}${end}`;
}

/** A title from the name of a file: `arsredovisning-2012.pdf` gives `Arsredovisning 2012`. */
export function titleFromName(name: string): string {
  const words = baseName(name)
    .replace(/\.[^.]+$/, "")
    .normalize("NFC")
    .replace(/[_\s]+/g, " ")
    .replace(/(?<=\p{L})-|-(?=\p{L})/gu, " ")
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export type FileSort = "report" | "foreign" | "other";

export function sortOfFile(name: string): FileSort {
  if (/\.json$/i.test(name)) return "report";
  return /\.(pdf|png|jpe?g)$/i.test(name) ? "foreign" : "other";
}

/** A new document of an item for a file that has been added under `path`. */
export function documentFor(path: string): JsonObject {
  return sortOfFile(path) === "report" ? { dokument: path } : { title: titleFromName(path), file: path };
}

/** Where in the kallelse a file is named: the pointer to its document. */
export function whereNamed(model: JsonObject, file: string, reports: ReadonlyMap<string, Json>): string | undefined {
  const items = itemsOf(model);
  for (const [i, item] of items.entries()) {
    for (const [j, doc] of documentsOf(item).entries()) {
      const path = fileOf(doc) === "" ? "" : resolvePath("", fileOf(doc));
      const pointer = `/arenden/${i}/handlingar/${j}`;
      if (path === file) return pointer;
      if (path !== "" && filesInReport(reports.get(path), folderOf(path)).includes(file)) return pointer;
    }
  }
  return undefined;
}

/** The files of a pack by the paths that a report in it uses: relative to the folder of the report. */
export function reportFiles(files: ReadonlyMap<string, Blob>, report: string): Map<string, Blob> {
  const folder = folderOf(report);
  const pictures = [...files].filter(([path]) => path.startsWith(folder) && /\.(png|jpe?g|svg|gif|webp)$/i.test(path));
  return new Map(pictures.map(([path, blob]) => [path.slice(folder.length), blob]));
}
