/** Before cells of a file, or of the clipboard, come into a table: which sheet, what its first row is, and what to know of it. */
import { useEffect, useId, useMemo, useRef, useState } from "react";
import { decimalSign, type DecimalSign } from "../lib/numbers.ts";
import type { Sheet } from "../sheet/sheet.ts";
import { useT } from "../texts/index.tsx";
import { hasHeadings, isBlank } from "./table-fill.ts";
import { MAX_COLUMNS, rowsOf, type Table } from "./table-ops.ts";

/** Cells that have not come into the table yet. */
export interface Incoming {
  sheets: readonly Sheet[];
  /** Where they are to be put; null when they take the place of all that the table has. */
  at: { row: number; column: number } | null;
}

export interface Accepted {
  cells: readonly (readonly string[])[];
  header: boolean;
  sign: DecimalSign | undefined;
}

interface Props {
  incoming: Incoming;
  table: Table;
  onAccept: (accepted: Accepted) => void;
  onCancel: () => void;
}

const SHOWN_ROWS = 6;
const SHOWN_COLUMNS = 8;
const MOST_FAULTS = 5;

export function TableImport({ incoming, table, onAccept, onCancel }: Props) {
  const t = useT();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [chosen, setChosen] = useState(0);
  const sheet = incoming.sheets[chosen];
  const cells = useMemo(() => (sheet?.cells ?? []).filter((row) => row.some((cell) => cell.trim() !== "")), [sheet]);
  const guess = useMemo(() => hasHeadings(cells), [cells]);
  const [header, setHeader] = useState<boolean | null>(null);
  const [sign, setSign] = useState<DecimalSign | null>(null);
  const told = useMemo(() => (sheet?.exact ? {} : decimalSign(cells.flat())), [sheet, cells]);

  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  if (sheet === undefined) return null;

  const width = cells.reduce((most, row) => Math.max(most, row.length), 0);
  const isHeader = header ?? guess;
  const replaces = incoming.at === null && !isBlank(table);
  const undecided = told.unclear !== undefined && sign === null;
  const figure = told.unclear ?? "";
  const way = (value: DecimalSign) => (
    <label className="radio">
      <input type="radio" name={id + "sign"} checked={sign === value} onChange={() => setSign(value)} />
      {figure.includes(value) ? t.import.decimal(figure.replace(".", ",")) : t.import.thousand(figure.replace(/[.,]/, "\u00a0"))}
    </label>
  );
  return (
    <dialog ref={dialog} className="dialog import" aria-labelledby={id + "-title"} onCancel={onCancel}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!undecided) onAccept({ cells, header: isHeader, sign: told.sign ?? sign ?? undefined });
        }}
      >
        <h2 id={id + "-title"}>{incoming.at === null ? t.import.title(sheet.name) : t.import.titlePaste}</h2>
        {incoming.sheets.length > 1 && (
          <div className="field">
            <label htmlFor={id + "-sheet"}>{t.import.sheet(incoming.sheets.length)}</label>
            <select
              id={id + "-sheet"}
              value={chosen}
              onChange={(event) => {
                setChosen(Number(event.target.value));
                setHeader(null);
                setSign(null);
              }}
            >
              {incoming.sheets.map((each, i) => (
                <option key={i} value={i}>
                  {each.name}
                </option>
              ))}
            </select>
          </div>
        )}
        <label className="radio">
          <input type="checkbox" checked={isHeader} onChange={(event) => setHeader(event.target.checked)} />
          {incoming.at === null || isBlank(table) ? t.import.header : t.import.headerLeftOut}
        </label>
        {told.unclear !== undefined && (
          <fieldset>
            <legend>{t.import.unclear(figure)}</legend>
            {way(",")}
            {way(".")}
          </fieldset>
        )}
        <div className="import-scroll" tabIndex={0} role="region" aria-label={t.import.preview}>
          <table className="import-preview">
            <tbody>
              {cells.slice(0, SHOWN_ROWS).map((row, r) => (
                <tr key={r}>
                  {row.slice(0, SHOWN_COLUMNS).map((cell, c) => (isHeader && r === 0 ? <th key={c} scope="col">{cell}</th> : <td key={c}>{cell}</td>))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <p className="help">{t.import.size(cells.length, width)}</p>
        {sheet.faults.length > 0 && (
          <p className="notice warning">
            {t.import.faults(sheet.faults.length, sheet.faults.slice(0, MOST_FAULTS).map(({ at, text }) => `${at} (${text})`).join(", ") + (sheet.faults.length > MOST_FAULTS ? " …" : ""))}
          </p>
        )}
        {width > MAX_COLUMNS && <p className="notice warning">{t.import.wide(width, MAX_COLUMNS)}</p>}
        {replaces && <p className="notice warning">{t.import.replaces(rowsOf(table).length)}</p>}
        <div className="dialog-buttons">
          <button type="button" className="quiet" onClick={onCancel}>
            {t.cancel}
          </button>
          <button type="submit" className="primary" disabled={undecided}>
            {replaces ? t.import.replace : incoming.at === null ? t.import.take : t.import.paste}
          </button>
        </div>
      </form>
    </dialog>
  );
}
