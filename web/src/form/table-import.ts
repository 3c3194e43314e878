/** Cells of a spreadsheet file. The libraries are fetched only when a file is opened. */

/** The cells of an XLSX or CSV file, as they would be written in the table. */
export async function cellsOfFile(file: File): Promise<string[][]> {
  return /\.xlsx$/i.test(file.name) ? await fromXlsx(file) : await fromCsv(file);
}

async function fromXlsx(file: File): Promise<string[][]> {
  const { readSheet } = await import("read-excel-file/browser");
  // Numbers come as text, so that the digits of the file are kept.
  const rows = (await readSheet(file, { parseNumber: (text: string) => text })) as unknown[][];
  return rows.map((row) => row.map(cellText));
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  if (typeof value === "boolean") return value ? "ja" : "nej";
  const text = String(value);
  // A spreadsheet stores 0,3 as 0.30000000000000004; what it shows has fifteen digits at most.
  return /^-?\d+\.\d{10,}$/.test(text) ? String(Number(Number(text).toPrecision(15))) : text;
}

async function fromCsv(file: File): Promise<string[][]> {
  const { default: Papa } = await import("papaparse");
  const bytes = await file.arrayBuffer();
  const result = Papa.parse<string[]>(decode(bytes), { skipEmptyLines: "greedy" });
  return result.data;
}

/** UTF-8, or the Windows code page that Excel writes CSV in. */
function decode(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
