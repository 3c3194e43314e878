/** The grid of a table: a heading per column, a line per row, an input per cell. */
import { useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { memo, useCallback, useEffect, useMemo, useRef, useState, type ClipboardEvent, type KeyboardEvent } from "react";
import { isNum, type Json, type JsonObject } from "../lib/json.ts";
import { scalarText, showNumber } from "../lib/numbers.ts";
import { setAt } from "../lib/pointer.ts";
import { useFindings } from "../lib/findings.ts";
import { isTabular, parseTsv } from "../lib/tsv.ts";
import { lettersOfLine, markdownOfLine, writtenOfLine } from "../text/written.ts";
import { IconButton } from "../parts/Icon.tsx";
import { useLanguage } from "../texts/index.tsx";
import { useFormEnv } from "./env.ts";
import { optionsOf, type Schema } from "./schema.ts";
import { focusLater } from "./focus.ts";
import { useWritten } from "./written.ts";
import { columnName } from "./TableFindings.tsx";
import type { Cells } from "./table-fill.ts";
import * as ops from "./table-ops.ts";

export type Chosen =
  | { kind: "cell"; row: number; column: number }
  | { kind: "row"; row: number }
  | { kind: "column"; column: number };

type Apply = (change: (table: ops.Table) => ops.Table) => void;
type OnCells = (row: number, column: number, cells: Cells) => void;
/** Moves the focus to a cell, which may have to be drawn first. */
type GoTo = (row: number, column: number) => void;

interface GridProps {
  id: string;
  pointer: string;
  table: ops.Table;
  chosen: Chosen | null;
  onChoose: (chosen: Chosen | null) => void;
  /** Cells that were pasted at a place. */
  onCells: OnCells;
  apply: Apply;
}

/** Of longer tables only the rows in sight are drawn: thousands of inputs would keep the page from answering. */
const ALL_ROWS = 150;
const ROW_PX = 32;
/** Rows drawn beyond those in sight, for those who scroll. */
const BEYOND = 12;

/** The length of the longest figure in a column, as shown. */
function longest(rows: JsonObject[], c: number): number {
  return Math.max(0, ...rows.map((row) => shown(ops.cellValue(row, c)).length));
}

export function TableGrid({ id, pointer, table, chosen, onChoose, onCells, apply }: GridProps) {
  const { t } = useLanguage();
  const env = useFormEnv();
  const scroller = useRef<HTMLDivElement>(null);
  const columns = ops.columnsOf(table);
  const rows = useMemo(() => ops.rowsOf(table), [table["rows"]]);
  const widths = useMemo(() => columns.map((column, c) => (ops.isNumeric(column) ? longest(rows, c) : 0)), [rows, table["columns"]]);
  const long = rows.length > ALL_ROWS;
  const virtual = useVirtualizer({
    count: rows.length,
    enabled: long,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: BEYOND,
  });
  const drawn = useDrawn(virtual, long, rows.length);
  const goTo = useCallback<GoTo>(
    (row, column) => {
      if (row < 0 || row >= rows.length) return;
      if (long) virtual.scrollToIndex(row);
      focusLater(`${id}/rows/${row}/cells/${column}`, `${id}/rows/${row}/cells/0`);
    },
    [id, long, rows.length, virtual],
  );
  // A finding may lead to a row that is not drawn.
  useEffect(() => {
    if (!long) return;
    return env.open.onReveal((wanted) => {
      const row = wanted.startsWith(`${pointer}/rows/`) ? Number.parseInt(wanted.slice(`${pointer}/rows/`.length), 10) : NaN;
      if (Number.isInteger(row)) virtual.scrollToIndex(row, { align: "center" });
    });
  }, [env.open, long, pointer, virtual]);
  return (
    <div className={"grid-scroll" + (long ? " long" : "")} ref={scroller}>
      <table className="grid" aria-rowcount={long ? rows.length + 1 : undefined}>
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
          {drawn.before > 0 && <tr aria-hidden="true" style={{ height: drawn.before }} />}
          {drawn.rows.map((r) => (
            <Row
              key={r}
              id={id}
              pointer={pointer}
              row={rows[r] ?? {}}
              r={r}
              columns={table["columns"] as Json}
              chosen={chosen !== null && chosen.kind === "row" && chosen.row === r}
              counted={long}
              onChoose={onChoose}
              onCells={onCells}
              goTo={goTo}
              apply={apply}
            />
          ))}
          {drawn.after > 0 && <tr aria-hidden="true" style={{ height: drawn.after }} />}
        </tbody>
      </table>
    </div>
  );
}

/** Which rows are drawn, and the room that those above and below take. */
function useDrawn(virtual: Virtualizer<HTMLDivElement, Element>, long: boolean, count: number): { rows: number[]; before: number; after: number } {
  if (!long) return { rows: Array.from({ length: count }, (_, r) => r), before: 0, after: 0 };
  const items = virtual.getVirtualItems();
  const [first, last] = [items[0], items[items.length - 1]];
  return { rows: items.map((item) => item.index), before: first?.start ?? 0, after: virtual.getTotalSize() - (last?.end ?? 0) };
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
  const name = lettersOfLine(title) || t.table.column(c + 1);
  const heading = useWritten(title, writtenOfLine, markdownOfLine, (next) => apply((old) => setAt(old, ["columns", c, "title"], next || undefined) as ops.Table));
  return (
    <th scope="col" style={props.chars > 6 ? { minWidth: `${props.chars * 0.56 + 2.4}rem` } : undefined} className={ops.isNumeric(column) ? "number" : undefined} id={id} tabIndex={-1}>
      <div className="grid-head">
        <textarea
          id={id + "/title"}
          className="grows"
          rows={1}
          lang="sv"
          aria-label={t.table.column(c + 1)}
          aria-describedby={findings.length > 0 ? id + "--findings" : undefined}
          aria-invalid={findings.some((f) => f.severity === "error") || undefined}
          value={heading.text}
          onChange={(event) => heading.onText(event.target.value.replaceAll("\n", " "))}
          onBlur={heading.onBlur}
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
  /** Whether its number has to be told, since not all rows are drawn. */
  counted: boolean;
  onChoose: GridProps["onChoose"];
  onCells: OnCells;
  goTo: GoTo;
  apply: Apply;
}) {
  const { row, r, chosen, onChoose, onCells, goTo, apply } = props;
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
    <tr id={id} className={"row-" + type + (chosen ? " chosen" : "")} tabIndex={-1} aria-rowindex={props.counted ? r + 2 : undefined}>
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
              gridId={props.id}
              onCells={onCells}
              goTo={goTo}
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

/** The same of a cell whose text may have emphasis. */
const shownLine = (value: Json | undefined): string => (typeof value === "string" && !isNum(value) ? writtenOfLine(value) : shown(value));

function Cell(props: {
  id: string;
  pointer: string;
  label: string;
  row: JsonObject;
  column: JsonObject;
  r: number;
  c: number;
  onChoose: GridProps["onChoose"];
  gridId: string;
  onCells: OnCells;
  goTo: GoTo;
  apply: Apply;
}) {
  const { id, row, column, r, c, apply } = props;
  const { t } = useLanguage();
  const env = useFormEnv();
  const findings = useFindings(env.findings, props.pointer);
  const [draft, setDraft] = useState<{ text: string; value: Json } | null>(null);
  const titled = ops.isTitled(row);
  const isLine = (titled && c === 0) || ops.isText(column);
  const value = titled ? (c === 0 ? row["title"] : null) : ops.cellValue(row, c);
  const note = ops.cellNote(row, c);
  const computed = ops.isNumeric(column) && (value === null || value === undefined);

  const onPaste = (event: ClipboardEvent<HTMLInputElement>) => {
    const text = event.clipboardData.getData("text/plain");
    if (!isTabular(text)) return;
    event.preventDefault();
    setDraft(null);
    props.onCells(r, c, parseTsv(text.replace(/(\r\n|\r|\n)$/, "")));
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const step = event.key === "ArrowDown" || event.key === "Enter" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const to = r + (event.shiftKey && event.key === "Enter" ? -1 : step);
    const next = document.getElementById(`${props.gridId}/rows/${to}/cells/${c}`) ?? document.getElementById(`${props.gridId}/rows/${to}/cells/0`);
    if (next) next.focus();
    else props.goTo(to, c);
  };

  return (
    <input
      id={id}
      type="text"
      lang="sv"
      aria-label={props.label}
      aria-describedby={findings.length > 0 ? id + "--findings" : undefined}
      aria-invalid={findings.some((f) => f.severity === "error") || undefined}
      className={note ? "has-note" : undefined}
      title={note || undefined}
      placeholder={computed ? t.table.computed : undefined}
      inputMode={ops.isNumeric(column) ? "decimal" : undefined}
      value={draft !== null && draft.value === (value ?? null) ? draft.text : (isLine ? shownLine : shown)(value)}
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
        const next = isLine && text.trim() !== "" ? markdownOfLine(text) : ops.readCell(text, row, column);
        setDraft({ text, value: next });
        apply((old) => ops.setCell(old, r, c, next));
      }}
    />
  );
}
