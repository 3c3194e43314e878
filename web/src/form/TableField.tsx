/** A table: its grid of cells, and below it what can be said of the chosen cell, row or column. */
import { useCallback, useRef, useState, type ComponentType } from "react";
import { isObject } from "../lib/json.ts";
import { decimalSign, scalarText } from "../lib/numbers.ts";
import { toPointer } from "../lib/pointer.ts";
import { announce } from "../parts/announce.tsx";
import { Fold } from "./Fold.tsx";
import { Icon } from "../parts/Icon.tsx";
import { sheetsOfFile } from "../sheet/read.ts";
import { NoSheet } from "../sheet/sheet.ts";
import { useLanguage } from "../texts/index.tsx";
import { focusLater } from "./focus.ts";
import { useFormEnv } from "./env.ts";
import { fieldId } from "./jump.ts";
import { only, type Schema } from "./schema.ts";
import type { FieldProps } from "./field.ts";
import { TableFindings } from "./TableFindings.tsx";
import { TableGrid, type Chosen } from "./TableGrid.tsx";
import { fromCells, hasHeadings, isBlank, paste, type Cells } from "./table-fill.ts";
import { TableImport, type Accepted, type Incoming } from "./TableImport.tsx";
import { TableInspector } from "./TableInspector.tsx";
import * as ops from "./table-ops.ts";

export function TableField(props: FieldProps) {
  const { schema, formData, fieldPathId, onChange, registry } = props;
  const { t } = useLanguage();
  const env = useFormEnv();
  const path = fieldPathId.path;
  const pointer = toPointer(path);
  const id = fieldId(pointer);
  const table = isObject(formData) ? formData : {};
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [incoming, setIncoming] = useState<Incoming | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const fileInput = useRef<HTMLInputElement>(null);
  const latest = useRef(table);
  latest.current = table;

  const apply = useCallback(
    (change: (table: ops.Table) => ops.Table) => {
      latest.current = change(latest.current);
      onChange(latest.current, path);
    },
    [onChange, pointer],
  );

  const importFile = async (file: File) => {
    setProblem(null);
    try {
      setIncoming({ sheets: await sheetsOfFile(file), at: null });
    } catch (error) {
      setProblem(t.import.refused[error instanceof NoSheet ? error.why : "damaged"](file.name));
    }
  };
  const accept = ({ cells, header, sign }: Accepted) => {
    const at = incoming?.at ?? null;
    setIncoming(null);
    setChosen(null);
    if (at === null || (header && isBlank(latest.current))) {
      apply((old) => fromCells(old, cells, header, sign));
      announce(t.table.imported(ops.rowsOf(latest.current).length, ops.columnsOf(latest.current).length));
    } else pasteAt(at.row, at.column, header ? cells.slice(1) : cells, sign);
    focusLater(`${id}/rows/${at?.row ?? 0}/cells/${at?.column ?? 0}`);
  };
  const pasteAt = (row: number, column: number, cells: Cells, sign?: Accepted["sign"]) => {
    apply((old) => paste(old, row, column, cells, sign));
    announce(t.table.pasted(cells.length, cells.reduce((most, line) => Math.max(most, line.length), 0)));
  };
  const onCells = useCallback((row: number, column: number, cells: Cells) => {
    const told = decimalSign(cells.flat());
    // What can be read in two ways, or may be headings, is asked about; the rest is put in at once.
    if (told.unclear !== undefined || hasHeadings(cells)) {
      const sheet = { name: "", cells: cells.map((line) => [...line]), faults: [], exact: false };
      setIncoming({ sheets: [sheet], at: { row, column } });
    } else pasteAt(row, column, cells, told.sign);
  }, [apply, t]);

  const SchemaField = registry.fields["SchemaField"] as ComponentType<FieldProps>;
  const def = (env.defs["Table"] ?? schema) as Schema;
  const about = only(def, (name) => !["type", "columns", "rows"].includes(name));

  return (
    <div className="table-field">
      <Fold pointer={`${pointer}/#about`} title={t.table.about} note={[scalarText(table["title"]), scalarText(table["unit"])].filter(Boolean).join(", ")} className="flat">
        {() => <SchemaField {...props} schema={about} uiSchema={undefined} />}
      </Fold>
      <TableGrid id={id} pointer={pointer} table={table} chosen={chosen} onChoose={setChosen} onCells={onCells} apply={apply} />
      <div className="table-tools">
        <button
          type="button"
          className="quiet"
          onClick={() => {
            const at = ops.rowsOf(latest.current).length;
            apply((old) => ops.insertRow(old, at));
            // In a long table the row has to be gone to before it is drawn.
            requestAnimationFrame(() => env.open.lead(`${pointer}/rows/${at}`));
            focusLater(`${id}/rows/${at}/cells/0`);
          }}
        >
          <Icon name="add" />
          {t.table.addRow}
        </button>
        <button
          type="button"
          className="quiet"
          disabled={ops.columnsOf(table).length >= ops.MAX_COLUMNS}
          onClick={() => {
            const at = ops.columnsOf(latest.current).length;
            apply((old) => ops.insertColumn(old, at, t.table.newColumn));
            focusLater(`${id}/columns/${at}/title`);
          }}
        >
          <Icon name="add" />
          {t.table.addColumn}
        </button>
        <button type="button" className="quiet" onClick={() => fileInput.current?.click()}>
          <Icon name="open" />
          {t.table.import}
        </button>
        <input
          ref={fileInput}
          type="file"
          hidden
          accept=".xlsx,.xlsm,.xls,.csv,.tsv,.txt"
          onChange={(event) => {
            const file = event.target.files?.[0];
            event.target.value = "";
            if (file) void importFile(file);
          }}
        />
      </div>
      <p className="help">{t.table.pasteHelp}</p>
      {problem && (
        <p className="notice error" role="alert">
          {problem}
        </p>
      )}
      {incoming && <TableImport incoming={incoming} table={table} onAccept={accept} onCancel={() => setIncoming(null)} />}
      <TableFindings pointer={pointer} table={table} />
      {chosen && <TableInspector {...props} table={table} chosen={chosen} onChoose={setChosen} apply={apply} />}
    </div>
  );
}
