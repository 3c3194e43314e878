/** Many cells at once: from the clipboard or from a file. All pure. */
import type { Json, JsonObject } from "../lib/json.ts";
import { readDate } from "../lib/dates.ts";
import { markdownOfLetters } from "../text/written.ts";
import { decimalSign, isPercent, readNumber, scalarText, type DecimalSign } from "../lib/numbers.ts";
import { cellValue, columnId, columnsOf, emptyCell, isNumeric, isText, isTitled, readCell, rowsOf, type Table } from "./table-ops.ts";

export type Cells = readonly (readonly string[])[];

/** What a spreadsheet shows in a cell that it could not compute, in English and in Swedish. */
const FAULT = /^#(REF|DIV\/0|N\/A|VALUE|NAME|NUM|NULL|SPILL|CALC|REFERENS|DIVISION\/0|SAKNAS|VÄRDEFEL|NAMN|OGILTIGT|SKÄRNING)[!?]?$/i;
export const isFault = (text: string): boolean => FAULT.test(text.trim());

/** What says nothing of the sort of a column: nothing, a dash, "uppgift saknas", a fault. */
const SAYS_NOTHING = /^(|us|[-–—]|\.\.|…)$/i;

const isYear = (text: string): boolean => /^(19|20)\d\d$/.test(text.trim());

/** What sort of column holds these cells. */
export function guessType(values: readonly string[]): string {
  const filled = values.map((value) => value.trim()).filter((value) => !SAYS_NOTHING.test(value) && !isFault(value));
  if (filled.length === 0) return "text";
  if (filled.every((value) => readDate(value) !== undefined && !/^\d{8}$/.test(value))) return "date";
  const numbers = filled.filter((value) => readNumber(value) !== undefined);
  if (numbers.length / filled.length < 0.6) return "text";
  return numbers.every(isPercent) ? "percent" : "amount";
}

/** Whether the first row seems to hold headings: words, or years, above figures. */
export function hasHeadings(cells: Cells): boolean {
  const [first, ...body] = cells;
  if (first === undefined || body.length === 0 || first.every((cell) => cell.trim() === "")) return false;
  const isWord = (cell: string) => cell.trim() === "" || isYear(cell) || (readNumber(cell) === undefined && readDate(cell) === undefined);
  if (!first.every(isWord)) return false;
  return first.some((cell, c) => {
    const below = body.map((row) => (row[c] ?? "").trim()).filter((value) => !SAYS_NOTHING.test(value) && !isFault(value));
    const figures = below.filter((value) => (readNumber(value) !== undefined || readDate(value) !== undefined) && !(isYear(cell) && isYear(value)));
    return cell.trim() !== "" && figures.length > below.length / 2;
  });
}

/** Whether nothing has been written in a table's cells. */
export function isBlank(table: Table): boolean {
  const columns = columnsOf(table);
  return rowsOf(table).every((row) => !(isTitled(row) && row["title"] !== undefined) && columns.every((_, c) => isBlankCell(row, c)));
}

function isBlankCell(row: JsonObject, c: number): boolean {
  const value = cellValue(row, c);
  return value === undefined || value === null || value === "";
}

const typed = (id: string, title: string, type: string): JsonObject => ({ id, title, ...(type === "text" ? {} : { type }) });

/** A cell's value from what a spreadsheet has in it, where no letter is meant as a mark. */
function readLetters(text: string, row: JsonObject, column: JsonObject | undefined, sign?: DecimalSign): Json {
  const value = readCell(text, row, column, sign);
  return typeof value === "string" && isText(column) ? markdownOfLetters(text) : value;
}

/** Puts cells at a place and beyond, with new rows and columns where the table ends. */
export function paste(table: Table, r: number, c: number, block: Cells, sign?: DecimalSign): Table {
  const rows = rowsOf(table);
  const width = c + block.reduce((most, row) => Math.max(most, row.length), 0);
  const columns = [...columnsOf(table)];
  const taken = columns.map((column) => scalarText(column["id"]));
  for (let at = c; at < width; at++) {
    const type = guessType(block.map((row) => row[at - c] ?? ""));
    const old = columns[at];
    if (old === undefined) {
      const title = `Kolumn ${at + 1}`;
      const id = columnId(title, taken);
      taken.push(id);
      columns[at] = typed(id, title, type);
    } else if (type !== "text" && isNumeric(old) && old["formula"] === undefined && rows.every((row) => isBlankCell(row, at)) && (type === "percent" || type === "date")) {
      // Nothing stood there yet: the column is of the sort that comes.
      columns[at] = { ...old, type };
    }
  }
  const height = Math.max(rows.length, r + block.length);
  const next: JsonObject[] = [];
  for (let at = 0; at < height; at++) {
    const row = rows[at] ?? { cells: [] };
    const line = block[at - r];
    next.push(line === undefined && columns.length === columnsOf(table).length ? row : filled(row, columns, c, line ?? [], sign));
  }
  return { ...table, columns, rows: next };
}

/** A row with a line of cells put in from a place on. */
function filled(row: JsonObject, columns: readonly JsonObject[], c: number, line: readonly string[], sign?: DecimalSign): JsonObject {
  if (isTitled(row)) {
    const [label] = line;
    if (line.length === 0) return row;
    if (line.length === 1 && c === 0) return label?.trim() ? { ...row, title: markdownOfLetters(label) } : row;
  }
  const { title, ...rest } = row;
  const cells: Json[] = Array.isArray(row["cells"]) ? [...row["cells"]] : title === undefined ? [] : [title];
  while (cells.length < columns.length) cells.push(emptyCell(row, columns[cells.length]));
  line.forEach((text, i) => {
    const old = cells[c + i];
    const value = readLetters(text, row, columns[c + i], sign);
    cells[c + i] = typeof old === "object" && old !== null && !Array.isArray(old) ? { ...old, value } : value;
  });
  return { ...(isTitled(row) ? rest : row), cells };
}

/** A new table of cells that came with a text. */
export function tableOf(cells: Cells): Table {
  // The tables of documents begin with headings.
  const header = hasHeadings(cells) || (cells.length > 1 && (cells[0] ?? []).every((cell) => cell !== "" && readNumber(cell) === undefined));
  return fromCells({ type: "table" }, cells, header, decimalSign(cells.flat()).sign);
}

/** A table's columns and rows from the cells of a file. */
export function fromCells(table: Table, cells: Cells, header: boolean, sign?: DecimalSign): Table {
  const rows = cells.filter((row) => row.some((cell) => cell.trim() !== ""));
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const [first = []] = rows;
  const body = header ? rows.slice(1) : rows;
  const old = columnsOf(table);
  const taken: string[] = [];
  const columns = Array.from({ length: width }, (_, c) => {
    const title = header ? markdownOfLetters((first[c] ?? "").trim()) : scalarText(old[c]?.["title"]);
    // A column that had this heading keeps its type, its formula and its short name.
    const kept = old.find((column) => title !== "" && scalarText(column["title"]) === title);
    const id = kept && !taken.includes(scalarText(kept["id"])) ? scalarText(kept["id"]) : columnId(title, taken);
    taken.push(id);
    return kept ? { ...kept, id } : typed(id, title, guessType(body.map((row) => row[c] ?? "")));
  });
  const read = (row: readonly string[]) => ({ cells: columns.map((column, c) => readLetters(row[c] ?? "", {}, column, sign)) });
  return { ...table, columns, rows: body.map(read) };
}
