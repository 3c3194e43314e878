/** Numbers as Swedes write them, to and from the digits of JSON. */
import { digits, isNum, isNumberText, num, type Json, type Num } from "./json.ts";

const SPACES = /[\s\u00a0\u202f\u2009']/g;
const MINUS = /^[\u2212\u2013-]/;

/** Reads "1 234,5", "−12" or "1234.5"; `undefined` when it is not a number. */
export function readNumber(text: string): Num | undefined {
  let clean = text.trim().replace(SPACES, "").replace(/%$/, "");
  if (clean === "") return undefined;
  clean = clean.replace(MINUS, "-").replace(/^\+/, "").replace(/^\((.+)\)$/, "-$1");
  // A point is a decimal point unless a comma is there too; then it parts thousands.
  if (clean.includes(",")) clean = clean.replaceAll(".", "").replace(",", ".");
  clean = clean.replace(/^(-?)\./, "$10.").replace(/^(-?)0+(?=\d)/, "$1").replace(/\.$/, "");
  return isNumberText(clean) ? num(clean) : undefined;
}

/** How a number is shown when it is being written: decimal comma, no groups. */
export function editText(value: Num): string {
  const text = digits(value);
  return /[eE]/.test(text) ? text : text.replace(".", ",");
}

/** How a number is shown at rest: groups of three, decimal comma, real minus. */
export function showNumber(value: Num): string {
  const text = digits(value);
  if (/[eE]/.test(text)) return text;
  const [whole = "", part] = text.replace("-", "").split(".");
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, "\u00a0") : whole.replace(/^(\d)(\d{3})$/, "$1\u00a0$2");
  return (text.startsWith("-") ? "\u2212" : "") + grouped + (part === undefined ? "" : "," + part);
}

/** Any JSON scalar as words for a text field. */
export function scalarText(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  if (isNum(value)) return editText(value);
  return typeof value === "string" ? value : String(value);
}
