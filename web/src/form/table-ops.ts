/** Changes to a table of the model. All are pure: a table goes in, a new one comes out. */
import { isNum, isObject, type Json, type JsonObject } from "../lib/json.ts";
import { readDate } from "../lib/dates.ts";
import { isPercent, readNumber, scalarText, type DecimalSign } from "../lib/numbers.ts";
import { moved } from "../lib/pointer.ts";
import { lettersOfLine, markdownOfLetters } from "../text/written.ts";

export type Table = JsonObject;
/** As many as a table of the model may have. More that come from elsewhere are kept, and the service says so. */
export const MAX_COLUMNS = 40;
const RESULTS = new Set(["subtotal", "netto", "total"]);
const NUMERIC = new Set(["amount", "integer", "percent"]);

export const columnsOf = (table: Table): JsonObject[] => (Array.isArray(table["columns"]) ? table["columns"].filter(isObject) : []);
export const rowsOf = (table: Table): JsonObject[] =>
  Array.isArray(table["rows"]) ? table["rows"].map((row) => (isObject(row) ? row : {})) : [];
export const columnType = (column: JsonObject | undefined): string => scalarText(column?.["type"]) || "text";
export const rowType = (row: JsonObject): string => scalarText(row["type"]) || "line";
/** Whether cells of a column are read as lines of text, with emphasis and links. */
export const isText = (column: JsonObject | undefined): boolean => columnType(column) === "text";
export const isNumeric = (column: JsonObject | undefined): boolean => NUMERIC.has(columnType(column));

const cellsOf = (row: JsonObject): Json[] => (Array.isArray(row["cells"]) ? row["cells"] : []);

/** A row whose label stands in `title` because its cells are left out. */
export const isTitled = (row: JsonObject): boolean => !Array.isArray(row["cells"]) && (rowType(row) === "group" || RESULTS.has(rowType(row)));

/** The value of a cell, without its note; `undefined` when the row has no such cell. */
export function cellValue(row: JsonObject, c: number): Json | undefined {
  const cell = cellsOf(row)[c];
  return isObject(cell) ? (cell["value"] ?? null) : cell;
}

export function cellNote(row: JsonObject, c: number): string {
  const cell = cellsOf(row)[c];
  return isObject(cell) ? scalarText(cell["note"]) : "";
}

/** What a cell holds when nothing has been said: null where it can be computed, else blank. */
export function emptyCell(row: JsonObject, column: JsonObject | undefined): Json {
  return isNumeric(column) && (RESULTS.has(rowType(row)) || scalarText(column?.["formula"]) !== "") ? null : "";
}

/**
 * A cell's value from what was written or pasted in it. What cannot be the value of such a column stays as it was written,
 * and the service says so: also a per cent among amounts, whose sign would be lost.
 */
export function readCell(text: string, row: JsonObject, column: JsonObject | undefined, sign?: DecimalSign): Json {
  if (text.trim() === "") return emptyCell(row, column);
  const type = columnType(column);
  if (type === "date") return readDate(text) ?? text.trim();
  if (!isNumeric(column)) return text;
  if (isPercent(text) && type !== "percent") return text.trim();
  return readNumber(text, sign) ?? text.trim();
}

function withRow(table: Table, r: number, change: (row: JsonObject) => JsonObject): Table {
  return { ...table, rows: rowsOf(table).map((row, i) => (i === r ? change(row) : row)) };
}

/** The row with as many cells as there are columns; a label from `title` becomes the first cell. */
function filled(row: JsonObject, columns: JsonObject[], upTo: number): JsonObject {
  const cells = [...cellsOf(row)];
  const wanted = Math.max(columns.length, upTo + 1);
  const { title, ...rest } = row;
  const base = isTitled(row) && title !== undefined ? rest : row;
  if (base !== row && cells.length === 0) cells.push(title as Json);
  while (cells.length < wanted) cells.push(emptyCell(row, columns[cells.length]));
  return { ...base, cells };
}

export function setCell(table: Table, r: number, c: number, value: Json): Table {
  const columns = columnsOf(table);
  return withRow(table, r, (row) => {
    if (isTitled(row) && c === 0) {
      const { title: _title, ...rest } = row;
      return value === "" || value === null ? rest : { ...rest, title: value };
    }
    const next = filled(row, columns, c);
    const cells = cellsOf(next);
    const old = cells[c];
    cells[c] = isObject(old) ? { ...old, value } : value;
    return next;
  });
}

export function setNote(table: Table, r: number, c: number, note: string): Table {
  return withRow(table, r, (row) => {
    const next = filled(row, columnsOf(table), c);
    const cells = cellsOf(next);
    const value = cellValue(next, c) ?? null;
    cells[c] = note === "" ? value : { value, note };
    return next;
  });
}

export function setRowType(table: Table, r: number, type: string): Table {
  return withRow(table, r, (row) => {
    const { type: _old, ...rest } = row;
    const titled = isTitled(row);
    const label = (titled ? row["title"] : cellValue(row, 0)) ?? "";
    if (type === "group") {
      const { cells: _cells, ...bare } = rest;
      return { ...bare, type, ...(label === "" ? {} : { title: label }) };
    }
    const next: JsonObject = type === "line" ? rest : { ...rest, type };
    if (titled) {
      return RESULTS.has(type) ? next : { ...withoutTitle(next), cells: [label, ...blank(next, columnsOf(table))] };
    }
    // A result row of which nothing but the label was given is computed.
    const given = cellsOf(row).slice(1).some((cell) => cell !== "" && cell !== null);
    return RESULTS.has(type) && !given ? { ...next, cells: [label, ...blank(next, columnsOf(table))] } : next;
  });
}

const withoutTitle = ({ title: _title, ...rest }: JsonObject): JsonObject => rest;
const blank = (row: JsonObject, columns: JsonObject[]): Json[] => columns.slice(1).map((column) => emptyCell(row, column));

export function newRow(table: Table): JsonObject {
  return { cells: columnsOf(table).map((column) => emptyCell({}, column)) };
}

export function insertRow(table: Table, at: number): Table {
  const rows = rowsOf(table);
  return { ...table, rows: [...rows.slice(0, at), newRow(table), ...rows.slice(at)] };
}

export function removeRow(table: Table, r: number): Table {
  return { ...table, rows: rowsOf(table).filter((_, i) => i !== r) };
}

export function moveRow(table: Table, from: number, to: number): Table {
  return { ...table, rows: moved(rowsOf(table), from, to) };
}

/** A short name that no other column has. */
export function columnId(title: string, taken: readonly string[]): string {
  const clean = title
    .toLowerCase()
    .replace(/[^a-zåäö0-9_]+/g, "_")
    .replace(/^_+|_+$/g, "");
  const base = /^[a-zåäö_]/.test(clean) ? clean.slice(0, 30) : clean === "" ? "kolumn" : "k_" + clean.slice(0, 28);
  let id = base;
  for (let n = 2; taken.includes(id); n++) id = `${base}_${n}`;
  return id;
}

const idsOf = (columns: JsonObject[]): string[] => columns.map((column) => scalarText(column["id"]));

export function insertColumn(table: Table, at: number, title: string, type = "amount"): Table {
  const columns = columnsOf(table);
  const column: JsonObject = { id: columnId(title, idsOf(columns)), title, ...(type === "text" ? {} : { type }) };
  const rows = rowsOf(table).map((row) => {
    const cells = cellsOf(row);
    if (cells.length === 0) return row;
    return { ...row, cells: [...cells.slice(0, at), emptyCell(row, column), ...cells.slice(at)] };
  });
  return { ...table, columns: [...columns.slice(0, at), column, ...columns.slice(at)], rows };
}

export function removeColumn(table: Table, c: number): Table {
  const rows = rowsOf(table).map((row) =>
    Array.isArray(row["cells"]) ? { ...row, cells: cellsOf(row).filter((_, i) => i !== c) } : row,
  );
  return { ...table, columns: columnsOf(table).filter((_, i) => i !== c), rows };
}

export function moveColumn(table: Table, from: number, to: number): Table {
  const rows = rowsOf(table).map((row) => {
    const cells = cellsOf(row);
    return cells.length > Math.max(from, to) ? { ...row, cells: moved(cells, from, to) } : row;
  });
  return { ...table, columns: moved(columnsOf(table), from, to), rows };
}

/** A column of another sort. Its cells are read anew by it. */
export function setColumnType(table: Table, c: number, type: string): Table {
  const old = columnsOf(table)[c];
  const { type: _type, ...rest } = old ?? {};
  const column: JsonObject = type === "text" ? rest : { ...rest, type };
  const percent = columnType(old) === "percent" && type !== "percent" && !NUMERIC.has(type);
  const again = (value: Json, row: JsonObject): Json => {
    if (value === null || value === "" || value === "us") return value === "us" ? value : emptyCell(row, column);
    if (isNum(value)) return NUMERIC.has(type) ? value : scalarText(value) + (percent ? " %" : "");
    if (typeof value !== "string") return value;
    // Among texts a letter that is no mark is escaped, elsewhere none is.
    const letters = isText(old) && !isText(column) ? lettersOfLine(value) : value;
    return isText(column) && !isText(old) ? markdownOfLetters(letters) : readCell(letters, row, column);
  };
  const rows = rowsOf(table).map((row) => {
    if (cellsOf(row)[c] === undefined) return row;
    const cells = cellsOf(row).map((cell, i) => (i !== c ? cell : isObject(cell) ? { ...cell, value: again(cell["value"] ?? null, row) } : again(cell, row)));
    return { ...row, cells };
  });
  return { ...table, columns: columnsOf(table).map((other, i) => (i === c ? column : other)), rows };
}
