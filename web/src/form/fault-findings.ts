/** Cells that came out of a spreadsheet as a fault. In a column of figures the service says so; among texts it is a text. */
import type { Finding } from "../lib/api.ts";
import { isObject, type Json } from "../lib/json.ts";
import { toPointer } from "../lib/pointer.ts";
import { isFault } from "./table-fill.ts";
import { cellValue, columnsOf, isText, rowsOf } from "./table-ops.ts";

export function faultFindings(value: Json | undefined, file?: string, pointer = ""): Finding[] {
  if (typeof value !== "object" || value === null) return [];
  if (isObject(value) && Array.isArray(value["columns"]) && Array.isArray(value["rows"])) {
    const columns = columnsOf(value);
    return rowsOf(value).flatMap((row, r) =>
      columns.flatMap((column, c): Finding[] => {
        const cell = isText(column) ? cellValue(row, c) : undefined;
        if (typeof cell !== "string" || !isFault(cell)) return [];
        return [
          {
            code: "FAULT",
            severity: "warning",
            pointer: `${pointer}/rows/${r}/cells/${c}`,
            ...(file === undefined ? {} : { file }),
            message_sv: `Cellen har ett fel från kalkylarket: ”${cell}”`,
            message_en: `The cell has a fault from the spreadsheet: ”${cell}”`,
            help_sv: "Skriv det som ska stå i cellen, eller rätta kalkylarket och hämta in det igen.",
            help_en: "Write what the cell should have, or correct the spreadsheet and import it again.",
          },
        ];
      }),
    );
  }
  return Object.entries(value).flatMap(([key, inner]) => faultFindings(inner, file, pointer + toPointer([key])));
}
