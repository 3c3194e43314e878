/** An item of the agenda, with its documents. */
import type { ComponentType, PointerEvent } from "react";
import { focusLater } from "../form/focus.ts";
import { useFormEnv } from "../form/env.ts";
import { fieldId } from "../form/jump.ts";
import { only, type Schema } from "../form/schema.ts";
import type { FieldProps } from "../form/field.ts";
import type { JsonObject } from "../lib/json.ts";
import { scalarText } from "../lib/numbers.ts";
import { afterMove, afterRemove, moved } from "../lib/pointer.ts";
import { useFindings } from "../lib/findings.ts";
import { useOpen } from "../lib/store.ts";
import { lettersOfLine } from "../text/written.ts";
import { announce, announceRemoved } from "../parts/announce.tsx";
import { DropZone } from "../parts/DropZone.tsx";
import { FileButton } from "../parts/FileButton.tsx";
import { FindingWords } from "../parts/FindingWords.tsx";
import { Icon, IconButton } from "../parts/Icon.tsx";
import { useT } from "../texts/index.tsx";
import { usePack } from "./context.ts";
import { DocumentRow, nameOfDocument } from "./DocumentRow.tsx";
import { Marks } from "./Marks.tsx";
import { documentsOf, numberOf } from "./model.ts";

interface Props {
  item: JsonObject;
  index: number;
  count: number;
  className: string;
  onGrip: (event: PointerEvent<HTMLElement>) => void;
  onMove: (from: number, to: number) => void;
  onRemove: (index: number) => void;
}

const ACCEPT = ".pdf,.png,.jpg,.jpeg,.json";

export function ItemCard({ item, index, count, className, onGrip, onMove, onRemove }: Props) {
  const t = useT();
  const env = useFormEnv();
  const pack = usePack();
  const pointer = `/arenden/${index}`;
  const id = fieldId(pointer);
  const [open, setOpen] = useOpen(env.open, `${pointer}/#about`, false);
  const findings = useFindings(env.findings, pointer);
  const title = lettersOfLine(scalarText(item["title"])) || t.pack.untitled;
  const number = numberOf(item, index);
  const documents = documentsOf(item);
  const SchemaField = pack.form.registry.fields["SchemaField"] as unknown as ComponentType<FieldProps>;
  const about = only((env.defs["Arende"] ?? {}) as Schema, (name) => name !== "handlingar");
  const setDocuments = (next: JsonObject[]) => pack.change(next.length > 0 ? next : undefined, ["arenden", index, "handlingar"]);

  const moveDocument = (from: number, to: number) => {
    announce(t.movedTo(nameOfDocument(documents[from] ?? {}, pack.reports, t.pack.untitled), to + 1, documents.length));
    env.open.rearranged(`${pointer}/handlingar`, afterMove(from, to));
    setDocuments(moved(documents, from, to));
    const at = `${id}/handlingar/${to}`;
    const [first, second] = to < from ? ["up", "down"] : ["down", "up"];
    focusLater(`${at}--${first}`, `${at}--${second}`);
  };
  const removeDocument = (at: number) => {
    announceRemoved(t.removed(nameOfDocument(documents[at] ?? {}, pack.reports, t.pack.untitled)));
    env.open.rearranged(`${pointer}/handlingar`, afterRemove(at));
    setDocuments(documents.filter((_, i) => i !== at));
    focusLater(`${id}/handlingar/${Math.min(at, documents.length - 2)}--remove`, `${id}--pick`);
  };

  return (
    <li className={"item" + className} id={id} tabIndex={-1}>
      <DropZone label={`${t.dropHere}: ${title}`} onFiles={(files) => pack.addTo(index, files)}>
        <div className="item-head">
          <span className="grip" title={t.pack.drag(title)} onPointerDown={onGrip} aria-hidden="true">
            <Icon name="grip" />
          </span>
          <h3>
            <span className="item-number">{number}</span>
            <span className="visually-hidden">. </span>
            <span className="item-title">{title}</span>
          </h3>
          <span className="item-tools">
            <button type="button" className="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
              {t.pack.edit}
              <span className="visually-hidden">: {title}</span>
            </button>
            <IconButton id={id + "--up"} name="up" label={t.pack.upOf(title)} disabled={index === 0} onClick={() => onMove(index, index - 1)} />
            <IconButton id={id + "--down"} name="down" label={t.pack.downOf(title)} disabled={index === count - 1} onClick={() => onMove(index, index + 1)} />
            <IconButton id={id + "--remove"} name="remove" label={t.pack.removeOf(title)} onClick={() => onRemove(index)} />
          </span>
        </div>
        <div className="item-body">
          <p className="item-line">
            {[scalarText(item["dnr"]), scalarText(item["foredragande"])].filter(Boolean).join(" · ")} <Marks of={item} />
          </p>
          {findings.length > 0 && <FindingWords findings={findings} id={id + "--findings"} />}
          {open && (
            <div className="item-about">
              <SchemaField
                name={String(index)}
                schema={about}
                formData={item}
                fieldPathId={{ $id: id, path: ["arenden", index] }}
                registry={pack.form.registry}
                onChange={pack.change}
                onBlur={() => undefined}
                onFocus={() => undefined}
              />
            </div>
          )}
          {documents.length > 0 && (
            <ul className="documents" aria-label={`${t.pack.documents}: ${title}`}>
              {documents.map((doc, j) => (
                <DocumentRow key={j} doc={doc} item={index} index={j} count={documents.length} onMove={moveDocument} onRemove={removeDocument} />
              ))}
            </ul>
          )}
          <p className="item-drop">
            <span>{t.pack.dropOnItem} </span>
            <FileButton className="quiet" multiple accept={ACCEPT} label={t.pack.pickFor(title)} onFiles={(files) => pack.addTo(index, files)}>
              <span id={id + "--pick"}>{t.pack.pickFiles}</span>
            </FileButton>
            <button
              type="button"
              className="quiet"
              onClick={() => {
                const at = documents.length;
                env.open.set(`${pointer}/handlingar/${at}/#about`, true);
                setDocuments([...documents, {}]);
                focusLater(`${id}/handlingar/${at}/title`);
              }}
            >
              {t.pack.addWithoutFile}
              <span className="visually-hidden">: {title}</span>
            </button>
          </p>
        </div>
      </DropZone>
    </li>
  );
}
