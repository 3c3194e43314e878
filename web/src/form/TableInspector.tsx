/** Below a table: what can be said of, and done with, the chosen cell, row or column. */
import type { ComponentType } from "react";
import { scalarText } from "../lib/numbers.ts";
import { toPointer } from "../lib/pointer.ts";
import { announce, announceRemoved } from "../parts/announce.tsx";
import { Heading } from "./Fold.tsx";
import { Icon, IconButton } from "../parts/Icon.tsx";
import { useT } from "../texts/index.tsx";
import { LineInput } from "./LineInput.tsx";
import { focusLater } from "./focus.ts";
import { useFormEnv } from "./env.ts";
import { fieldId } from "./jump.ts";
import { only, type Schema } from "./schema.ts";
import type { FieldProps } from "./field.ts";
import { columnName } from "./TableFindings.tsx";
import type { Chosen } from "./TableGrid.tsx";
import * as ops from "./table-ops.ts";

type InspectorProps = FieldProps & {
  table: ops.Table;
  chosen: Chosen;
  onChoose: (chosen: Chosen | null) => void;
  apply: (change: (table: ops.Table) => ops.Table) => void;
};

export function TableInspector(props: InspectorProps) {
  const { chosen, table } = props;
  if (chosen.kind === "cell") return <CellTools {...props} row={chosen.row} column={chosen.column} />;
  if (chosen.kind === "row") return ops.rowsOf(table)[chosen.row] ? <RowTools {...props} row={chosen.row} /> : null;
  return ops.columnsOf(table)[chosen.column] ? <ColumnTools {...props} column={chosen.column} /> : null;
}

function CellTools({ table, row: r, column: c, apply, fieldPathId }: InspectorProps & { row: number; column: number }) {
  const t = useT();
  const row = ops.rowsOf(table)[r];
  const column = ops.columnsOf(table)[c];
  if (!row || !column || ops.isTitled(row)) return null;
  const where = t.table.cell(r + 1, columnName(table, c, t.table.column(c + 1)));
  const value = ops.cellValue(row, c);
  const noteId = fieldId(toPointer(fieldPathId.path)) + "--note";
  const choice = (label: string, next: null | string) => (
    <button type="button" className="choice" aria-pressed={value === next} onClick={() => apply((old) => ops.setCell(old, r, c, next))}>
      {label}
    </button>
  );
  return (
    <div className="inspector" role="group" aria-label={t.table.cellTools(where)}>
      <p className="inspector-title">{t.table.cellTools(where)}</p>
      <div className="inspector-line">
        {ops.isNumeric(column) && choice(t.table.cellNull, null)}
        {choice(t.table.cellBlank, "")}
        {choice(t.table.cellUs, "us")}
        <span className="inspector-note">
          <label htmlFor={noteId}>{t.table.cellNote}</label>
          <LineInput key={`${r}/${c}`} aria={{ id: noteId }} value={ops.cellNote(row, c)} onLine={(note) => apply((old) => ops.setNote(old, r, c, note))} />
        </span>
      </div>
    </div>
  );
}

function RowTools(props: InspectorProps & { row: number }) {
  const { table, row: r, apply, onChoose, fieldPathId, registry } = props;
  const t = useT();
  const env = useFormEnv();
  const id = fieldId(toPointer(fieldPathId.path));
  const rows = ops.rowsOf(table);
  const SchemaField = registry.fields["SchemaField"] as ComponentType<FieldProps>;
  const schema = only((env.defs["Row"] ?? {}) as Schema, (name) => !["type", "cells"].includes(name));
  const go = (to: number) => {
    apply((old) => ops.moveRow(old, r, to));
    onChoose({ kind: "row", row: to });
    announce(t.movedTo(t.table.row(r + 1), to + 1, rows.length));
    focusLater(to < r ? `${id}--row-up` : `${id}--row-down`, `${id}--row-up`, `${id}--row-down`);
  };
  return (
    <div className="inspector" role="group" aria-label={t.table.row(r + 1)}>
      <div className="inspector-line spread">
        <Heading className="inspector-title">{t.table.rowSettings(r + 1)}</Heading>
        <span>
          <IconButton id={id + "--row-up"} name="up" label={t.table.rowUp(r + 1)} disabled={r === 0} onClick={() => go(r - 1)} />
          <IconButton id={id + "--row-down"} name="down" label={t.table.rowDown(r + 1)} disabled={r === rows.length - 1} onClick={() => go(r + 1)} />
          <button
            type="button"
            className="quiet"
            onClick={() => {
              apply((old) => ops.removeRow(old, r));
              onChoose(null);
              announceRemoved(t.removed(t.table.row(r + 1)));
              focusLater(`${id}/rows/${Math.max(0, r - 1)}/cells/0`);
            }}
          >
            <Icon name="remove" />
            {t.table.removeRow(r + 1)}
          </button>
          <IconButton name="remove" className="end" label={t.table.closeSettings} onClick={() => onChoose(null)} />
        </span>
      </div>
      <SchemaField
        {...props}
        schema={schema}
        name={String(r)}
        uiSchema={undefined}
        formData={rows[r]}
        fieldPathId={{ $id: `${id}/rows/${r}`, path: [...fieldPathId.path, "rows", r] }}
      />
    </div>
  );
}

function ColumnTools(props: InspectorProps & { column: number }) {
  const { table, column: c, apply, onChoose, fieldPathId, registry } = props;
  const t = useT();
  const id = fieldId(toPointer(fieldPathId.path));
  const env = useFormEnv();
  const columns = ops.columnsOf(table);
  const name = columnName(table, c, t.table.column(c + 1));
  const SchemaField = registry.fields["SchemaField"] as ComponentType<FieldProps>;
  const schema = only((env.defs["Column"] ?? {}) as Schema, (property) => property !== "title");
  const go = (to: number) => {
    apply((old) => ops.moveColumn(old, c, to));
    onChoose({ kind: "column", column: to });
    announce(t.movedTo(t.table.columnSettings(name), to + 1, columns.length));
    focusLater(to < c ? `${id}--column-left` : `${id}--column-right`, `${id}--column-left`, `${id}--column-right`);
  };
  return (
    <div className="inspector" role="group" aria-label={t.table.columnSettings(name)}>
      <div className="inspector-line spread">
        <Heading className="inspector-title">{t.table.columnSettings(name)}</Heading>
        <span>
          <IconButton id={id + "--column-left"} name="left" label={`${t.moveLeft}: ${name}`} disabled={c === 0} onClick={() => go(c - 1)} />
          <IconButton id={id + "--column-right"} name="right" label={`${t.moveRight}: ${name}`} disabled={c === columns.length - 1} onClick={() => go(c + 1)} />
          <button
            type="button"
            className="quiet"
            disabled={columns.length < 2}
            onClick={() => {
              apply((old) => ops.removeColumn(old, c));
              onChoose(null);
              announceRemoved(t.removed(t.table.columnSettings(name)));
              focusLater(`${id}/columns/${Math.max(0, c - 1)}/title`);
            }}
          >
            <Icon name="remove" />
            {t.table.removeColumn(name)}
          </button>
          <IconButton name="remove" className="end" label={t.table.closeSettings} onClick={() => onChoose(null)} />
        </span>
      </div>
      <SchemaField
        {...props}
        onChange={(value, path) => {
          // Another sort of column reads its cells anew.
          if (path[path.length - 1] === "type") apply((old) => ops.setColumnType(old, c, scalarText(value) || "text"));
          else props.onChange(value, path);
        }}
        schema={schema}
        name={String(c)}
        uiSchema={undefined}
        formData={columns[c]}
        fieldPathId={{ $id: `${id}/columns/${c}`, path: [...fieldPathId.path, "columns", c] }}
      />
    </div>
  );
}
