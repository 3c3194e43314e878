/** Opening a saved file: a model alone, or in a ZIP with its files. */
import { fromBundle, isZip, NoBundle, type Bundle } from "./bundle.ts";
import { isObject, parseJson, type JsonObject } from "./json.ts";

export async function openModel(file: File, isModel: (model: JsonObject) => boolean): Promise<Bundle> {
  if (isZip(file)) return await fromBundle(file, isModel);
  const model = readModel(await file.text());
  if (!isModel(model)) throw new NoBundle("no model");
  return { model, name: file.name, files: new Map() };
}

function readModel(text: string): JsonObject {
  let model;
  try {
    model = parseJson(text);
  } catch {
    throw new NoBundle("damaged");
  }
  if (!isObject(model)) throw new NoBundle("no model");
  return model;
}

/** Sorts of files that people bring and that are for something else. */
export type OtherSort = "word" | "sheet" | "pdf" | "picture" | "other";

export function otherSort(name: string): OtherSort | null {
  if (/\.(json|zip)$/i.test(name)) return null;
  if (/\.(docx?|docm|odt|rtf)$/i.test(name)) return "word";
  if (/\.(xlsx?|xlsm|xlsb|ods|csv|tsv)$/i.test(name)) return "sheet";
  if (/\.pdf$/i.test(name)) return "pdf";
  return /\.(png|jpe?g|svg|gif|webp)$/i.test(name) ? "picture" : "other";
}

/** The ending of a file's name taken off. */
export const withoutEnding = (name: string): string => name.replace(/\.(json|zip)$/i, "");
