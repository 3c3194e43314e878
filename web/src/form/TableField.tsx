/** A table: its grid of cells, and below it what can be said of the chosen cell, row or column. */
import { useCallback, useId, useRef, useState, type ComponentType } from "react";
import { isObject } from "../lib/json.ts";
import { scalarText } from "../lib/numbers.ts";
import { toPointer } from "../lib/pointer.ts";
import { announce } from "../parts/announce.tsx";
import { Fold } from "./Fold.tsx";
import { Icon } from "../parts/Icon.tsx";
import { useLanguage } from "../texts/index.tsx";
import { focusLater } from "./focus.ts";
import { useFormEnv } from "./env.ts";
import { fieldId } from "./jump.ts";
import { only, type Schema } from "./schema.ts";
import type { FieldProps } from "./field.ts";
import { TableFindings } from "./TableFindings.tsx";
import { TableGrid, type Chosen } from "./TableGrid.tsx";
import { cellsOfFile } from "./table-import.ts";
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
  const [header, setHeader] = useState(true);
  const [problem, setProblem] = useState<string | null>(null);
  const fileInput = useRef<HTMLInputElement>(null);
  const headerId = useId();
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
      const cells = await cellsOfFile(file);
      if (cells.length === 0) return setProblem(t.table.importEmpty);
      apply((old) => ops.fromCells(old, cells, header));
      setChosen(null);
      announce(t.table.imported(ops.rowsOf(latest.current).length, ops.columnsOf(latest.current).length));
    } catch {
      setProblem(t.table.importFailed);
    }
  };

  const SchemaField = registry.fields["SchemaField"] as ComponentType<FieldProps>;
  const def = (env.defs["Table"] ?? schema) as Schema;
  const about = only(def, (name) => !["type", "columns", "rows"].includes(name));

  return (
    <div className="table-field">
      <Fold pointer={`${pointer}/#about`} title={t.table.about} note={[scalarText(table["title"]), scalarText(table["unit"])].filter(Boolean).join(", ")} className="flat">
        {() => <SchemaField {...props} schema={about} uiSchema={undefined} />}
      </Fold>
      <TableGrid id={id} pointer={pointer} table={table} chosen={chosen} onChoose={setChosen} apply={apply} />
      <div className="table-tools">
        <button
          type="button"
          className="quiet"
          onClick={() => {
            const at = ops.rowsOf(latest.current).length;
            apply((old) => ops.insertRow(old, at));
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
        <span className="tick-line small">
          <input id={headerId} type="checkbox" checked={header} onChange={(event) => setHeader(event.target.checked)} />
          <label htmlFor={headerId}>{t.table.importHeader}</label>
        </span>
        <input
          ref={fileInput}
          type="file"
          hidden
          accept=".xlsx,.csv,.tsv,.txt"
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
      <TableFindings pointer={pointer} table={table} />
      {chosen && <TableInspector {...props} table={table} chosen={chosen} onChoose={setChosen} apply={apply} />}
    </div>
  );
}
