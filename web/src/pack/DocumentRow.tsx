/** A document of an item: one of our own, or a bilaga of others. */
import type { ComponentType } from "react";
import { useFormEnv } from "../form/env.ts";
import { fieldId } from "../form/jump.ts";
import { only, type Schema } from "../form/schema.ts";
import type { FieldProps } from "../form/field.ts";
import { isObject, type Json, type JsonObject } from "../lib/json.ts";
import { scalarText } from "../lib/numbers.ts";
import { useFindings } from "../lib/findings.ts";
import { useOpen } from "../lib/store.ts";
import { lettersOfLine } from "../text/written.ts";
import { FindingWords } from "../parts/FindingWords.tsx";
import { Icon, IconButton } from "../parts/Icon.tsx";
import { useT } from "../texts/index.tsx";
import { usePack } from "./context.ts";
import { Marks } from "./Marks.tsx";
import { fileOf, resolvePath, sortOf } from "./model.ts";

/** The title of a document: its own, or that of its report. */
export function nameOfDocument(doc: JsonObject, reports: ReadonlyMap<string, Json>, otherwise: string): string {
  const own = lettersOfLine(scalarText(doc["title"]));
  if (own !== "") return own;
  const report = isObject(doc["dokument"]) ? doc["dokument"] : reports.get(resolvePath("", fileOf(doc)));
  return (isObject(report) ? lettersOfLine(scalarText(report["title"])) : "") || fileOf(doc) || otherwise;
}

interface Props {
  doc: JsonObject;
  item: number;
  index: number;
  count: number;
  onMove: (from: number, to: number) => void;
  onRemove: (index: number) => void;
}

export function DocumentRow({ doc, item, index, count, onMove, onRemove }: Props) {
  const t = useT();
  const env = useFormEnv();
  const pack = usePack();
  const pointer = `/arenden/${item}/handlingar/${index}`;
  const id = fieldId(pointer);
  const [open, setOpen] = useOpen(env.open, `${pointer}/#about`, false);
  const findings = useFindings(env.findings, pointer);
  const sort = sortOf(doc);
  const file = fileOf(doc) === "" ? "" : resolvePath("", fileOf(doc));
  const blob = pack.files.get(file);
  const missing = file !== "" && blob === undefined;
  const name = nameOfDocument(doc, pack.reports, t.pack.untitled);
  const SchemaField = pack.form.registry.fields["SchemaField"] as unknown as ComponentType<FieldProps>;
  const unused = sort === "foreign" ? ["dokument"] : sort === "own" || sort === "inline" ? ["file", "losenord", "alt", "inkom"] : [];
  const about = only((env.defs["Handling"] ?? {}) as Schema, (property) => !unused.includes(property) || doc[property] !== undefined);
  const openable = sort === "inline" || (sort === "own" && !missing);

  return (
    <li className="document" id={id} tabIndex={-1}>
      <div className="document-head">
        <Icon name="file" />
        <div className="document-text">
          <span className="document-title">{name}</span>
          <span className="document-about">
            {sort === "none" ? t.pack.noFile : sort === "foreign" ? t.pack.foreign : sort === "inline" ? `${t.pack.own}, ${t.pack.inline.toLowerCase()}` : t.pack.own}
            {file !== "" && `, ${file}`}
            {blob && `, ${t.pack.size(blob.size)}`}
            {missing && <strong className="missing"> {t.pack.missing}</strong>}
          </span>
          <Marks of={doc} />
        </div>
        <span className="item-tools">
          <button type="button" className="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t.pack.edit}
            <span className="visually-hidden">: {name}</span>
          </button>
          <IconButton id={id + "--up"} name="up" label={t.pack.upOf(name)} disabled={index === 0} onClick={() => onMove(index, index - 1)} />
          <IconButton id={id + "--down"} name="down" label={t.pack.downOf(name)} disabled={index === count - 1} onClick={() => onMove(index, index + 1)} />
          <IconButton id={id + "--remove"} name="remove" label={t.pack.removeOf(name)} onClick={() => onRemove(index)} />
        </span>
      </div>
      {findings.length > 0 && <FindingWords findings={findings} id={id + "--findings"} />}
      {open && (
        <div className="item-about">
          <SchemaField
            name={String(index)}
            schema={about}
            formData={doc}
            fieldPathId={{ $id: id, path: ["arenden", item, "handlingar", index] }}
            registry={pack.form.registry}
            onChange={pack.change}
            onBlur={() => undefined}
            onFocus={() => undefined}
          />
          {openable && (
            <button type="button" className="quiet" onClick={() => pack.openReport(doc, `${pointer}/dokument`)}>
              <Icon name="open" />
              {t.pack.openPart}
            </button>
          )}
        </div>
      )}
    </li>
  );
}
