/** Words of a template that nobody has replaced. The service takes them for any others, so the page looks for them. */
import type { Finding } from "../lib/api.ts";
import { isObject, type Json, type JsonObject } from "../lib/json.ts";
import { fromPointer, getAt, setAt, toPointer, type Path } from "../lib/pointer.ts";

/** The words that templates have where people are to write their own. */
const TEMPLATE = /\bSkriv här\b|\bFörnamn Efternamn\b|\b(?:Förvaltningens|Enhetens|Nämndens) namn\b/;

const TEMPLATE_CODE = "TEMPLATE";
const isTemplateText = (text: string): boolean => TEMPLATE.test(text);

/** The places where a template's words still stand. */
function templatePlaces(value: Json | undefined, pointer = ""): string[] {
  if (typeof value === "string") return isTemplateText(value) ? [pointer] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => templatePlaces(inner, pointer + toPointer([key])));
}

/** Findings about words of a template: the service takes them for any others, and nobody may publish them. */
export function templateFindings(model: Json | undefined, file?: string): Finding[] {
  return templatePlaces(model).map((pointer) => {
    const text = String(getAt(model, fromPointer(pointer))).slice(0, 60);
    return {
      code: TEMPLATE_CODE,
      severity: "error",
      pointer,
      ...(file === undefined ? {} : { file }),
      message_sv: `Mallens text står kvar: ”${text}”`,
      message_en: `The template's text is still there: ”${text}”`,
      help_sv: "Skriv din egen text i stället, eller ta bort den.",
      help_en: "Write your own text instead, or remove it.",
    };
  });
}

/** Diarienummer that a template has made up: in the document, and in the items of a kallelse. */
export function madeUpNumbers(model: Json | undefined, examples: readonly string[]): Finding[] {
  const items = getAt(model, ["arenden"]);
  const places: Path[] = [["dnr"], ...(Array.isArray(items) ? items.map((_, i): Path => ["arenden", i, "dnr"]) : [])];
  return places.flatMap((path): Finding[] => {
    const dnr = getAt(model, path);
    if (typeof dnr !== "string" || !examples.includes(dnr)) return [];
    return [
      {
        code: TEMPLATE_CODE,
        severity: "error",
        pointer: toPointer(path),
        message_sv: `Mallens diarienummer står kvar: ”${dnr}”`,
        message_en: `The template's case number is still there: ”${dnr}”`,
        help_sv: "Skriv ärendets eget diarienummer.",
        help_en: "Write the case's own number.",
      },
    ];
  });
}

/** Diarienummer that the template of a kind has, at the same places. */
export function numbersOf(model: Json): string[] {
  const items = getAt(model, ["arenden"]);
  return [getAt(model, ["dnr"]), ...(Array.isArray(items) ? items.map((item) => getAt(item, ["dnr"])) : [])].filter((dnr) => typeof dnr === "string");
}

/** A model with nothing of its template in the places that were found. */
export function cleared(model: JsonObject, found: readonly Finding[]): JsonObject {
  const path = (pointer: string): Path => fromPointer(pointer).map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  const numbers = found.filter((finding) => finding.pointer.endsWith("/dnr") && finding.file === undefined);
  const without = numbers.reduce<Json>((rest, { pointer }) => setAt(rest, path(pointer), undefined) ?? rest, model);
  const next = withoutTemplate(without);
  return isObject(next) ? next : model;
}

/** A model without the words of its template: their fields are empty, and points of lists that had nothing else are gone. */
function withoutTemplate(value: Json): Json | undefined {
  if (typeof value === "string") return isTemplateText(value) ? undefined : value;
  if (Array.isArray(value)) {
    const cells = value.map((inner) => (inner === null ? null : withoutTemplate(inner)));
    return cells.filter((inner): inner is Json => inner !== undefined);
  }
  if (typeof value !== "object" || value === null) return value;
  const out: Record<string, Json> = {};
  for (const [key, inner] of Object.entries(value)) {
    // Cells keep their places.
    const next = key === "cells" && Array.isArray(inner) ? inner.map((cell) => (typeof cell === "string" && isTemplateText(cell) ? "" : cell)) : withoutTemplate(inner);
    if (next !== undefined) out[key] = next;
  }
  const had = Object.keys(value).length > 0;
  return had && Object.keys(out).length === 0 ? undefined : out;
}
