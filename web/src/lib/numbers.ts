/** Numbers as Swedes write them, to and from the digits of JSON. */
import { digits, isNum, isNumberText, num, type Json, type Num } from "./json.ts";

/** Which sign parts whole from fraction. */
export type DecimalSign = "," | ".";

const SPACE = /[\s\u00a0\u202f\u2007\u2009']/g;
const MINUS = "[\u2212\u2010-\u2015\ufe58\ufe63\uff0d-]";
const NEGATIVE = new RegExp(`^(?:${MINUS} ?(.+)|(.+?) ?${MINUS}|\\( ?(.+?) ?\\))$`);
/** Digits, alone or in groups of three. */
const GROUPED: Record<string, RegExp> = { " ": /^\d{1,3}( \d{3})+$/, ",": /^\d{1,3}(,\d{3})+$/, ".": /^\d{1,3}(\.\d{3})+$/ };

/** A figure as written, taken apart: without sign, per cent and odd spaces. */
function parts(text: string): { negative: boolean; percent: boolean; body: string } {
  let body = text.trim().replace(SPACE, " ");
  const percent = /%$/.test(body);
  if (percent) body = body.replace(/ ?%$/, "");
  const negated = NEGATIVE.exec(body);
  if (negated) body = negated[1] ?? negated[2] ?? negated[3] ?? "";
  return { negative: negated !== null, percent, body: body.replace(/^\+ ?/, "") };
}

/** The signs of a figure's body that part its digits. */
const signsOf = (body: string): string[] => [...body].filter((c) => c === "," || c === ".");

/** Whole digits without what groups them; undefined when the groups are not of three. */
function ungroup(whole: string): string | undefined {
  if (/^\d*$/.test(whole)) return whole;
  const sign = [" ", ",", "."].find((s) => GROUPED[s]?.test(whole));
  return sign === undefined ? undefined : whole.replaceAll(sign, "");
}

/**
 * Reads "1 234,5", "−12", "(12)", "990-", "1,234.50" or "1234.5"; `undefined` when it is not a number.
 *
 * Where both signs stand, the last one is that of decimals. A lone one is, unless `sign` says that it parts thousands and
 * it could.
 */
export function readNumber(text: string, sign?: DecimalSign): Num | undefined {
  const { negative, body } = parts(text);
  if (!/^[\d ,.]+$/.test(body)) return undefined;
  const signs = signsOf(body);
  const last = signs[signs.length - 1] as DecimalSign | undefined;
  const alone = new Set(signs).size === 1;
  const groups = last !== undefined && GROUPED[last]?.test(body);
  const thousands = last === undefined || (alone && groups && (signs.length > 1 || (sign !== undefined && sign !== last)));
  const at = thousands ? body.length : body.lastIndexOf(last ?? "");
  const whole = ungroup(body.slice(0, at));
  const fraction = thousands ? "" : body.slice(at + 1);
  if (whole === undefined || !/^\d*$/.test(fraction) || (whole === "" && fraction === "")) return undefined;
  const digits = (negative ? "-" : "") + (whole.replace(/^0+(?=\d)/, "") || "0") + (fraction === "" ? "" : "." + fraction);
  return isNumberText(digits) ? num(digits) : undefined;
}

/** Whether a figure has the sign of per cent. */
export const isPercent = (text: string): boolean => parts(text).percent && readNumber(text) !== undefined;

/** What many figures say of the sign of decimals: it, or an example of what can be read in two ways. */
export function decimalSign(texts: Iterable<string>): { sign?: DecimalSign; unclear?: string } {
  const seen = new Set<DecimalSign>();
  let unclear: string | undefined;
  for (const text of texts) {
    if (readNumber(text) === undefined) continue;
    const { body } = parts(text);
    const signs = signsOf(body);
    const last = signs[signs.length - 1] as DecimalSign | undefined;
    if (last === undefined) continue;
    if (signs.length > 1) seen.add(new Set(signs).size > 1 ? last : last === "," ? "." : ",");
    else if (/^[1-9]\d{0,2}[.,]\d{3}$/.test(body)) unclear ??= text.trim();
    else seen.add(last);
  }
  const [sign] = seen;
  if (unclear === undefined) return seen.size === 1 && sign ? { sign } : {};
  return seen.size === 1 && sign ? { sign } : { unclear };
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
