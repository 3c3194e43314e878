/** Decimal digits as text, so that no figure is rounded on its way. */

/** What a spreadsheet shows of a stored number: it keeps 0,3 as 0.30000000000000004, and knows fifteen digits. */
const MOST_DIGITS = 15;

/** The digits of a number times ten to the power of `by`, with a decimal comma and no exponent. */
export function decimalText(stored: string, by = 0): string {
  const match = /^(-?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(stored.trim());
  if (match === null) return stored;
  const [, minus = "", whole = "", part = "", exponent = "0"] = match;
  let digits = (whole + part).replace(/^0+/, "");
  let point = whole.length + Number(exponent) + by - (whole + part).length + digits.length;
  if (digits.length > MOST_DIGITS && part !== "") {
    const rounded = (BigInt(digits.slice(0, MOST_DIGITS + 1)) + 5n) / 10n;
    point += rounded.toString().length - MOST_DIGITS;
    digits = rounded.toString();
  }
  digits = digits.replace(/0+$/, "");
  if (digits === "") return "0";
  const left = point > 0 ? digits.slice(0, point).padEnd(point, "0") : "0";
  const right = point > 0 ? digits.slice(point) : "0".repeat(-point) + digits;
  return minus + left + (right === "" ? "" : "," + right);
}
