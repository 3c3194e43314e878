/**
 * JSON whose numbers keep the digits that a file had.
 *
 * A number is held as a string of its own digits behind a mark from the private use area. It can be copied, compared
 * and stored like any string, and is never rounded through a float. A real string that begins with the mark (none is
 * known) is held behind a second mark.
 */
import { isLosslessNumber, parse as parseLossless } from "lossless-json";

const NUMBER = "\uE000n";
const STRING = "\uE000s";

/** A number, as this page holds it. */
export type Num = string & { readonly __num?: never };
export type Json = null | boolean | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

const NUMBER_TEXT = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** A number of the given digits, which must be a number in JSON. */
export function num(digits: string | number): Num {
  const text = String(digits);
  if (!NUMBER_TEXT.test(text)) throw new RangeError(`not a JSON number: ${text}`);
  return (NUMBER + text) as Num;
}

export function isNum(value: unknown): value is Num {
  return typeof value === "string" && value.startsWith(NUMBER);
}

/** The digits of a number. */
export function digits(value: Num): string {
  return value.slice(NUMBER.length);
}

export function isNumberText(text: string): boolean {
  return NUMBER_TEXT.test(text);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads JSON. Throws a `SyntaxError` that names the place. */
export function parseJson(text: string): Json {
  const mark = (value: unknown): unknown => {
    if (isLosslessNumber(value)) return NUMBER + value.value;
    if (typeof value === "string" && value.startsWith("\uE000")) return STRING + value;
    return value;
  };
  const clean = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  return parseLossless(clean, (_key, value) => mark(value)) as Json;
}

/** Writes JSON, with the digits of every number as they were. */
export function writeJson(value: Json, indent = 0): string {
  return write(value, indent, "\n");
}

/** The properties that have a value: the form library leaves some without. */
const present = (value: JsonObject) => Object.entries(value).filter(([, v]) => v !== undefined);

function write(value: Json, indent: number, line: string): string {
  if (isNum(value)) return digits(value);
  if (typeof value === "string") return JSON.stringify(value.startsWith(STRING) ? value.slice(STRING.length) : value);
  if (value === null || value === undefined) return "null";
  if (typeof value !== "object") return String(value);
  const inner = indent > 0 ? line + " ".repeat(indent) : "";
  const end = indent > 0 ? line : "";
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return "[" + value.map((item) => inner + write(item, indent, inner)).join(",") + end + "]";
  }
  const entries = present(value);
  if (entries.length === 0) return "{}";
  const colon = indent > 0 ? ": " : ":";
  return "{" + entries.map(([k, v]) => inner + JSON.stringify(k) + colon + write(v, indent, inner)).join(",") + end + "}";
}

/** A plain value, with ordinary numbers: only for matching against a schema. */
export function plain(value: Json): unknown {
  if (isNum(value)) return Number(digits(value));
  if (Array.isArray(value)) return value.map(plain);
  if (isObject(value)) return Object.fromEntries(present(value).map(([k, v]) => [k, plain(v)]));
  return value;
}
