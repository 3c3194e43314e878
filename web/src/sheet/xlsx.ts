/**
 * Sheets of an XLSX file (ECMA-376).
 *
 * The ZIP is read by fflate and the XML by the browser. What a number is, a share, a day, a time of day, is said by its
 * format alone, and read-excel-file, which did this before, tells of no format but that of dates. numfmt (MIT, May 2026,
 * without dependencies; 4.0 names files that it does not have) reads formats as Excel does.
 */
import { strFromU8, unzip } from "fflate";
import { dateFromSerial, format, getFormatDateInfo, isDateFormat, isPercentFormat } from "numfmt";
import { decimalText } from "./decimal.ts";
import { columnLetters, NoSheet, type Sheet } from "./sheet.ts";

const MOST_BYTES = 500_000_000;
const MOST_FORMULA = 30;
/** Days between the two calendars that spreadsheets count by. */
const DAYS_1904 = 1462;

/** The formats that a file names by number alone (ECMA-376 part 1, 18.8.30), of those that are not plain numbers. */
const BUILT_IN: Record<string, string> = {
  9: "0%", 10: "0.00%", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
  20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
};

/** How a number of some style is written. */
type Write = (stored: string) => string;

const all = (of: Document | Element, name: string): Element[] => [...of.getElementsByTagNameNS("*", name)];
const textOf = (of: Element, name: string): string => all(of, name).map((element) => element.textContent ?? "").join("");

async function parts(data: Uint8Array): Promise<Map<string, Uint8Array>> {
  let bytes = 0;
  const filter = ({ name, originalSize }: { name: string; originalSize: number }) => {
    const wanted = /(^|\/)(workbook|styles|sharedStrings|sheet[^/]*)\.xml(\.rels)?$/i.test(name) || /worksheets\/[^/]+\.xml$/i.test(name);
    if (wanted) bytes += originalSize;
    if (bytes > MOST_BYTES) throw new NoSheet("damaged");
    return wanted;
  };
  return await new Promise((resolve, reject) => {
    try {
      unzip(data, { filter }, (error, files) => (error ? reject(new NoSheet("damaged")) : resolve(new Map(Object.entries(files)))));
    } catch {
      reject(new NoSheet("damaged"));
    }
  });
}

function xml(bytes: Uint8Array | undefined): Document | null {
  if (bytes === undefined) return null;
  const read = new DOMParser().parseFromString(strFromU8(bytes), "application/xml");
  if (read.getElementsByTagName("parsererror").length > 0) throw new NoSheet("damaged");
  return read;
}

const two = (n: number): string => String(n).padStart(2, "0");

/** How the format of a style writes a number. */
function writerOf(pattern: string, days: number): Write {
  if (isPercentFormat(pattern)) return (stored) => decimalText(stored, 2) + " %";
  if (!isDateFormat(pattern)) return (stored) => decimalText(stored);
  const info = getFormatDateInfo(pattern);
  const hasTime = info.hours || info.minutes || info.seconds;
  const hasDay = info.year && info.month && info.day;
  // Hours beyond a day, a month alone: as the spreadsheet shows it.
  const asShown: Write = (stored) => format(pattern, Number(stored) + days, { locale: "sv" });
  if (/\[[hmst]+\]/i.test(pattern) || (hasTime && !info.hours) || (!hasDay && !hasTime) || (!hasDay && (info.year || info.month || info.day))) return asShown;
  return (stored) => {
    const parts = dateFromSerial(Number(stored) + (hasDay ? days : 0));
    if (parts === null) return decimalText(stored);
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
    const date = hasDay ? `${year}-${two(month)}-${two(day)}` : "";
    // A day's own format may hide a time that is there.
    const atMidnight = hour === 0 && minute === 0 && second === 0;
    const time = hasTime || !atMidnight ? `${two(hour)}:${two(minute)}${info.seconds && second > 0 ? ":" + two(second) : ""}` : "";
    return [date, hasDay && !hasTime ? "" : time].filter(Boolean).join(" ");
  };
}

function writersOf(styles: Document | null, days: number): Write[] {
  if (styles === null) return [];
  const formats = new Map(all(styles, "numFmt").map((element) => [element.getAttribute("numFmtId") ?? "", element.getAttribute("formatCode") ?? ""]));
  const made = new Map<string, Write>();
  const [cellXfs] = all(styles, "cellXfs");
  return (cellXfs ? all(cellXfs, "xf") : []).map((xf) => {
    const id = xf.getAttribute("numFmtId") ?? "0";
    const known = made.get(id);
    if (known) return known;
    let write: Write;
    try {
      write = writerOf(formats.get(id) ?? BUILT_IN[id] ?? "General", days);
    } catch {
      // A format that cannot be read says nothing of the number, which is taken as it is stored.
      write = (stored) => decimalText(stored);
    }
    made.set(id, write);
    return write;
  });
}

/** Row and column of `AB12`, from 0. */
function placeOf(reference: string): [number, number] | null {
  const match = /^([A-Z]+)(\d+)$/.exec(reference);
  if (match === null) return null;
  const column = [...(match[1] ?? "")].reduce((n, letter) => n * 26 + letter.charCodeAt(0) - 64, 0);
  return [Number(match[2]) - 1, column - 1];
}

function sheetOf(name: string, document: Document, shared: readonly string[], writers: readonly Write[]): Sheet {
  const cells: string[][] = [];
  const faults: Sheet["faults"] = [];
  let r = -1;
  for (const row of all(document, "row")) {
    r = Number(row.getAttribute("r") ?? r + 2) - 1;
    let c = -1;
    for (const cell of row.children) {
      if (cell.localName !== "c") continue;
      c = placeOf(cell.getAttribute("r") ?? "")?.[1] ?? c + 1;
      const text = wordsOf(cell, shared, writers);
      const formula = all(cell, "f")[0]?.textContent ?? "";
      // A program that computes nothing has written the formula alone.
      if (formula !== "" && all(cell, "v").length === 0) faults.push({ at: `${columnLetters(c)}${r + 1}`, text: `=${formula.slice(0, MOST_FORMULA)}` });
      if (text === "") continue;
      if (cell.getAttribute("t") === "e") faults.push({ at: `${columnLetters(c)}${r + 1}`, text });
      (cells[r] ??= [])[c] = text;
    }
  }
  const width = cells.reduce((most, row) => Math.max(most, row?.length ?? 0), 0);
  const filled = Array.from(cells, (row) => Array.from({ length: width }, (_, i) => row?.[i] ?? ""));
  return { name, cells: filled, faults, exact: true };
}

function wordsOf(cell: Element, shared: readonly string[], writers: readonly Write[]): string {
  const type = cell.getAttribute("t") ?? "n";
  if (type === "inlineStr") return textOf(cell, "t");
  const stored = all(cell, "v")[0]?.textContent ?? "";
  if (stored === "") return "";
  if (type === "s") return shared[Number(stored)] ?? "";
  if (type === "b") return stored === "1" ? "ja" : "nej";
  if (type === "d") return stored.replace(/T00:00(:00(\.0+)?)?Z?$/, "").replace("T", " ");
  if (type !== "n") return stored;
  return (writers[Number(cell.getAttribute("s") ?? "0")] ?? decimalText)(stored);
}

/** The text of a shared string, without what only helps to pronounce it. */
function sharedText(item: Element): string {
  return all(item, "t")
    .filter((t) => t.parentElement?.localName !== "rPh")
    .map((t) => t.textContent ?? "")
    .join("");
}

export async function sheetsOfXlsx(data: Uint8Array): Promise<Sheet[]> {
  const files = await parts(data);
  const byEnd = (end: string) => [...files].find(([path]) => path.toLowerCase().endsWith(end))?.[1];
  const workbook = xml(byEnd("workbook.xml"));
  const relations = xml(byEnd("workbook.xml.rels"));
  if (workbook === null || relations === null) throw new NoSheet("damaged");
  const targets = new Map(all(relations, "Relationship").map((r) => [r.getAttribute("Id"), r.getAttribute("Target") ?? ""]));
  const is1904 = /^(1|true)$/.test(all(workbook, "workbookPr")[0]?.getAttribute("date1904") ?? "");
  const writers = writersOf(xml(byEnd("styles.xml")), is1904 ? DAYS_1904 : 0);
  const strings = xml(byEnd("sharedstrings.xml"));
  const shared = strings ? all(strings, "si").map(sharedText) : [];
  const sheets: Sheet[] = [];
  const isHidden = (entry: Element) => Number((entry.getAttribute("state") ?? "visible") !== "visible");
  for (const entry of all(workbook, "sheet").sort((a, b) => isHidden(a) - isHidden(b))) {
    const id = [...entry.attributes].find((attribute) => attribute.localName === "id" && attribute.prefix !== null)?.value ?? null;
    const target = (targets.get(id) ?? "").replace(/^\//, "").replace(/^xl\//, "");
    const document = target === "" ? null : xml(byEnd("/" + target.toLowerCase()));
    // Charts have sheets of their own, without cells.
    if (document === null || all(document, "sheetData").length === 0) continue;
    sheets.push(sheetOf(entry.getAttribute("name") ?? "", document, shared, writers));
  }
  return sheets;
}
