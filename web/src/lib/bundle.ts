/**
 * A model and its files in one ZIP, as they would lie in a folder: what `sigill` takes when it is unpacked.
 *
 * The format is fflate's (MIT, October 2025, 8 kB): small, without dependencies, and in use far beyond this page.
 */
import { strFromU8, strToU8, unzip, zip } from "fflate";
import { isObject, parseJson, type JsonObject } from "./json.ts";

/** What may come out of one file: more is no kallelse of a nämnd, and would fill the browser. */
const MOST_BYTES = 1_000_000_000;
const MOST_FILES = 2000;

export interface Bundle {
  model: JsonObject;
  /** The name of the model's file. */
  name: string;
  files: Map<string, Blob>;
}

/** Why a file could not be opened. */
export class NoBundle extends Error {
  constructor(readonly why: "damaged" | "too large" | "no model" | "several models") {
    super(why);
  }
}

export const isZip = (file: { name: string }): boolean => /\.zip$/i.test(file.name);

const bytesOf = async (blob: Blob): Promise<Uint8Array> => new Uint8Array(await blob.arrayBuffer());

export async function toBundle(model: string, name: string, files: ReadonlyMap<string, Blob>): Promise<Blob> {
  const parts: Record<string, [Uint8Array, { level: 0 | 6 }]> = { [name]: [strToU8(model), { level: 6 }] };
  // Most files of others are compressed already.
  for (const [path, blob] of files) parts[path] = [await bytesOf(blob), { level: /\.(json|svg|txt)$/i.test(path) ? 6 : 0 }];
  const bytes = await new Promise<Uint8Array>((resolve, reject) => zip(parts, (error, data) => (error ? reject(error) : resolve(data))));
  return new Blob([bytes as Uint8Array<ArrayBuffer>], { type: "application/zip" });
}

const TYPES: Record<string, string> = { pdf: "application/pdf", png: "image/png", jpg: "image/jpeg", jpeg: "image/jpeg", svg: "image/svg+xml", json: "application/json" };
const typeOf = (path: string): string => TYPES[path.split(".").pop()?.toLowerCase() ?? ""] ?? "application/octet-stream";

async function entriesOf(file: Blob): Promise<Map<string, Uint8Array>> {
  const data = await bytesOf(file);
  let [bytes, count] = [0, 0];
  const unpacked = await new Promise<Record<string, Uint8Array>>((resolve, reject) => {
    const filter = ({ name, originalSize }: { name: string; originalSize: number }) => {
      bytes += originalSize;
      count++;
      if (bytes > MOST_BYTES || count > MOST_FILES) throw new NoBundle("too large");
      return !name.endsWith("/") && !/(^|\/)(__MACOSX|\.)/.test(name);
    };
    try {
      unzip(data, { filter }, (error, all) => (error ? reject(new NoBundle("damaged")) : resolve(all)));
    } catch (error) {
      reject(error instanceof NoBundle ? error : new NoBundle("damaged"));
    }
  });
  const entries = new Map(Object.entries(unpacked));
  // A folder around everything is no part of the paths.
  const [first = ""] = entries.keys();
  const folder = first.includes("/") ? first.slice(0, first.indexOf("/") + 1) : "";
  if (folder === "" || ![...entries.keys()].every((path) => path.startsWith(folder))) return entries;
  return new Map([...entries].map(([path, bytes]) => [path.slice(folder.length), bytes]));
}

/** Takes a model and its files out of a ZIP. `isModel` tells the model among the JSON files that lie outermost. */
export async function fromBundle(file: Blob, isModel: (model: JsonObject) => boolean): Promise<Bundle> {
  const entries = await entriesOf(file);
  const models: { name: string; model: JsonObject }[] = [];
  for (const [path, bytes] of entries) {
    if (path.includes("/") || !/\.json$/i.test(path)) continue;
    try {
      const model = parseJson(strFromU8(bytes));
      if (isObject(model) && isModel(model)) models.push({ name: path, model });
    } catch {
      // A file that is no model may lie there; what it is for is told when it is used.
    }
  }
  const [found] = models;
  if (found === undefined) throw new NoBundle("no model");
  if (models.length > 1) throw new NoBundle("several models");
  entries.delete(found.name);
  const files = new Map([...entries].map(([path, bytes]) => [path, new Blob([bytes as Uint8Array<ArrayBuffer>], { type: typeOf(path) })]));
  return { ...found, files };
}
