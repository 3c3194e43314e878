/** The grid of a table: a heading per column, a line per row, an input per cell. */
import { memo, useState, type ClipboardEvent, type KeyboardEvent } from "react";
import { isNum, type Json, type JsonObject } from "../lib/json.ts";
import { scalarText, showNumber } from "../lib/numbers.ts";
import { setAt } from "../lib/pointer.ts";
import { useFindings } from "../lib/store.ts";
import { isTabular, parseTsv } from "../lib/tsv.ts";
import { announce } from "../parts/announce.tsx";
import { IconButton } from "../parts/Icon.tsx";
import { useLanguage } from "../texts/index.tsx";
import { useFormEnv } from "./env.ts";
import { optionsOf, type Schema } from "./schema.ts";
import { columnName } from "./TableFindings.tsx";
import * as ops from "./table-ops.ts";

export type Chosen =
  | { kind: "cell"; row: number; column: number }
  | { kind: "row"; row: number }
  | { kind: "column"; column: number };

type Apply = (change: (table: ops.Table) => ops.Table) => void;

interface GridProps {
  id: string;
  pointer: string;
  table: ops.Table;
  chosen: Chosen | null;
  onChoose: (chosen: Chosen | null) => void;
  apply: Apply;
}

/** The length of the longest figure in a column, as shown. */
function longest(rows: JsonObject[], c: number): number {
  return Math.max(0, ...rows.map((row) => shown(ops.cellValue(row, c)).length));
}

export function TableGrid({ id, pointer, table, chosen, onChoose, apply }: GridProps) {
  const { t } = useLanguage();
  const columns = ops.columnsOf(table);
  const rows = ops.rowsOf(table);
  const widths = columns.map((column, c) => (ops.isNumeric(column) ? longest(rows, c) : 0));
  return (
    <div className="grid-scroll">
      <table className="grid">
        <caption className="visually-hidden">{scalarText(table["title"]) || t.table.caption}</caption>
        <thead>
          <tr>
            <th scope="col" className="grid-type">
              <span className="visually-hidden">{t.table.rowType}</span>
            </th>
            {columns.map((column, c) => (
              <ColumnHead key={c} id={id} pointer={pointer} column={column} c={c} chars={widths[c] ?? 0} chosen={chosen?.kind === "column" && chosen.column === c} onChoose={onChoose} apply={apply} />
            ))}
            <th scope="col">
              <span className="visually-hidden">{t.table.rowActions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, r) => (
            <Row
              key={r}
              id={id}
              pointer={pointer}
              row={row}
              r={r}
              columns={table["columns"] as Json}
              chosen={chosen !== null && chosen.kind === "row" && chosen.row === r}
              onChoose={onChoose}
              apply={apply}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ColumnHead(props: {
  id: string;
  pointer: string;
  column: JsonObject;
  c: number;
  /** How many characters its longest figure has. */
  chars: number;
  chosen: boolean;
  onChoose: GridProps["onChoose"];
  apply: Apply;
}) {
  const { column, c, chosen, onChoose, apply } = props;
  const { t } = useLanguage();
  const env = useFormEnv();
  const findings = useFindings(env.findings, `${props.pointer}/columns/${c}`);
  const id = `${props.id}/columns/${c}`;
  const title = scalarText(column["title"]);
  const name = title || t.table.column(c + 1);
  return (
    <th scope="col" style={props.chars > 6 ? { minWidth: `${props.chars * 0.56 + 2.4}rem` } : undefined} className={ops.isNumeric(column) ? "number" : undefined} id={id} tabIndex={-1}>
      <div className="grid-head">
        <textarea
          id={id + "/title"}
          className="grows"
          rows={1}
          aria-label={t.table.column(c + 1)}
          aria-describedby={findings.length > 0 ? id + "--findings" : undefined}
          aria-invalid={findings.some((f) => f.severity === "error") || undefined}
          value={title}
          onChange={(event) => apply((old) => setAt(old, ["columns", c, "title"], event.target.value.replaceAll("\n", " ") || undefined) as ops.Table)}
        />
        <IconButton
          name="dots"
          label={`${t.table.settings}: ${t.table.columnSettings(name)}`}
          aria-expanded={chosen}
          onClick={() => onChoose(chosen ? null : { kind: "column", column: c })}
        />
      </div>
      {(scalarText(column["formula"]) || scalarText(column["unit"])) && (
        <span className="grid-formula">
          {[scalarText(column["unit"]), column["formula"] ? `= ${scalarText(column["formula"])}` : ""].filter(Boolean).join(" ")}
        </span>
      )}
    </th>
  );
}

const Row = memo(function Row(props: {
  id: string;
  pointer: string;
  row: JsonObject;
  r: number;
  columns: Json;
  chosen: boolean;
  onChoose: GridProps["onChoose"];
  apply: Apply;
}) {
  const { row, r, chosen, onChoose, apply } = props;
  const { lang, t } = useLanguage();
  const env = useFormEnv();
  const columns = ops.columnsOf({ columns: props.columns });
  const type = ops.rowType(row);
  const at = `${props.pointer}/rows/${r}`;
  const id = `${props.id}/rows/${r}`;
  const findings = useFindings(env.findings, at);
  const types = optionsOf((env.defs["RowType"] ?? {}) as Schema, lang) ?? [{ value: "line", label: t.table.row(r + 1) }];
  const spans = ops.isTitled(row) && type === "group";
  return (
    <tr id={id} className={"row-" + type + (chosen ? " chosen" : "")} tabIndex={-1}>
      <td className="grid-type">
        <select
          aria-label={t.table.rowTypeOf(r + 1)}
          aria-describedby={findings.length > 0 ? id + "--findings" : undefined}
          value={type}
          onChange={(event) => apply((old) => ops.setRowType(old, r, event.target.value))}
        >
          {types.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      </td>
      {columns.map((column, c) =>
        spans && c > 0 ? null : (
          <td key={c} colSpan={spans ? columns.length : undefined} className={ops.isNumeric(column) && !spans ? "number" : undefined}>
            <Cell
              id={`${id}/cells/${c}`}
              pointer={`${at}/cells/${c}`}
              label={t.table.cell(r + 1, columnName({ columns: props.columns }, c, t.table.column(c + 1)))}
              row={row}
              column={column}
              r={r}
              c={c}
              onChoose={onChoose}
              apply={apply}
            />
          </td>
        ),
      )}
      <td className="grid-actions">
        <IconButton
          name="dots"
          label={`${t.table.settings}: ${t.table.row(r + 1)}`}
          aria-expanded={chosen}
          onClick={() => onChoose(chosen ? null : { kind: "row", row: r })}
        />
      </td>
    </tr>
  );
});

/** What a cell shows at rest. */
function shown(value: Json | undefined): string {
  return isNum(value) ? showNumber(value) : scalarText(value);
}

function Cell(props: {
  id: string;
  pointer: string;
  label: string;
  row: JsonObject;
  column: JsonObject;
  r: number;
  c: number;
  onChoose: GridProps["onChoose"];
  apply: Apply;
}) {
  const { id, row, column, r, c, apply } = props;
  const { t } = useLanguage();
  const env = useFormEnv();
  const findings = useFindings(env.findings, props.pointer);
  const [draft, setDraft] = useState<string | null>(null);
  const titled = ops.isTitled(row);
  const value = titled ? (c === 0 ? row["title"] : null) : ops.cellValue(row, c);
  const note = ops.cellNote(row, c);
  const computed = ops.isNumeric(column) && (value === null || value === undefined);

  const onPaste = (event: ClipboardEvent<HTMLInputElement>) => {
    const text = event.clipboardData.getData("text/plain");
    if (!isTabular(text)) return;
    event.preventDefault();
    const block = parseTsv(text.replace(/(\r\n|\r|\n)$/, ""));
    setDraft(null);
    apply((old) => ops.paste(old, r, c, block));
    announce(t.table.pasted(block.length, Math.max(...block.map((line) => line.length))));
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const step = event.key === "ArrowDown" || event.key === "Enter" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const body = event.currentTarget.closest("tbody");
    const row = body?.children[r + (event.shiftKey && event.key === "Enter" ? -1 : step)];
    const inputs = row?.querySelectorAll<HTMLInputElement>("input");
    (inputs?.[c] ?? inputs?.[0])?.focus();
  };

  return (
    <input
      id={id}
      type="text"
      aria-label={props.label}
      aria-describedby={findings.length > 0 ? id + "--findings" : undefined}
      aria-invalid={findings.some((f) => f.severity === "error") || undefined}
      className={note ? "has-note" : undefined}
      title={note || undefined}
      placeholder={computed ? t.table.computed : undefined}
      inputMode={ops.isNumeric(column) ? "decimal" : undefined}
      value={draft ?? shown(value)}
      autoComplete="off"
      onFocus={(event) => {
        props.onChoose({ kind: "cell", row: r, column: c });
        event.currentTarget.select();
      }}
      onBlur={() => setDraft(null)}
      onPaste={onPaste}
      onKeyDown={onKeyDown}
      onChange={(event) => {
        const text = event.target.value;
        setDraft(text);
        apply((old) => ops.setCell(old, r, c, ops.readCell(text, row, column)));
      }}
    />
  );
}
