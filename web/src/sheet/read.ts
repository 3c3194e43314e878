/** The sheets of a file from a spreadsheet. What is needed for each sort is fetched when a file of it is opened. */
import { NoSheet, type Sheet } from "./sheet.ts";

const startsWith = (bytes: Uint8Array, start: readonly number[]) => start.every((byte, i) => bytes[i] === byte);
const ZIP = [0x50, 0x4b, 0x03, 0x04];
/** The container of .xls, and of an .xlsx with a password. */
const COMPOUND = [0xd0, 0xcf, 0x11, 0xe0];

export async function sheetsOfFile(file: File): Promise<Sheet[]> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const sheets = await sheetsOf(file.name, bytes);
  const filled = sheets.filter((sheet) => sheet.cells.some((row) => row.some((cell) => cell.trim() !== "")));
  if (filled.length === 0) throw new NoSheet("empty");
  return filled;
}

async function sheetsOf(name: string, bytes: Uint8Array): Promise<Sheet[]> {
  // What a file is, is told by how it begins; its name may be wrong.
  if (startsWith(bytes, COMPOUND)) throw new NoSheet(/\.xls[xmb]$/i.test(name) ? "locked" : "xls");
  if (startsWith(bytes, ZIP)) {
    if (!/\.xls[xm]$/i.test(name)) throw new NoSheet("other");
    const { sheetsOfXlsx } = await import("./xlsx.ts");
    return await sheetsOfXlsx(bytes);
  }
  if (/\.xls[xmb]?$/i.test(name)) throw new NoSheet(/\.xls$/i.test(name) ? "xls" : "damaged");
  if (!/\.(csv|tsv|txt)$/i.test(name) || isBinary(bytes)) throw new NoSheet("other");
  return [await fromCsv(name, bytes)];
}

async function fromCsv(name: string, bytes: Uint8Array): Promise<Sheet> {
  const { default: Papa } = await import("papaparse");
  const text = decode(bytes);
  // Excel may say in a first line of its own what parts the cells.
  const said = /^\ufeff?sep=(.)\r?\n/i.exec(text);
  const { data } = Papa.parse<string[]>(said ? text.slice(said[0].length) : text, { skipEmptyLines: "greedy", delimiter: said?.[1] ?? "" });
  return { name, cells: data, faults: [], exact: false };
}

/** UTF-8, what Excel calls Unicode text, or the Windows code page that it writes CSV in. */
function decode(bytes: Uint8Array): string {
  if (startsWith(bytes, [0xff, 0xfe])) return new TextDecoder("utf-16le").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** No text has a zero byte, but in UTF-16. */
const isBinary = (bytes: Uint8Array): boolean => !startsWith(bytes, [0xff, 0xfe]) && bytes.subarray(0, 4096).includes(0);
