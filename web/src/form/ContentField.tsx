/** Running content: a text, or a sequence of texts, tables, pictures, charts, forms and facts. */
import { useState, type ComponentProps, type ComponentType } from "react";
import { isObject, type Json, type JsonObject } from "../lib/json.ts";
import { scalarText } from "../lib/numbers.ts";
import { afterMove, afterRemove, moved, toPointer } from "../lib/pointer.ts";
import { useFindings } from "../lib/findings.ts";
import type { Part } from "../text/html.ts";
import { toMarkdown } from "../text/markdown.ts";
import { announce, announceRemoved } from "../parts/announce.tsx";
import { FindingWords } from "../parts/FindingWords.tsx";
import { Heading, Deeper } from "./Fold.tsx";
import { Icon, IconButton } from "../parts/Icon.tsx";
import { useLanguage, type Lang } from "../texts/index.tsx";
import type { Texts } from "../texts/sv.ts";
import { focusLater } from "./focus.ts";
import { useFormEnv } from "./env.ts";
import { ImageFile } from "./ImageFile.tsx";
import { fieldId } from "./jump.ts";
import { RunningText } from "./RunningText.tsx";
import { tableOf } from "./table-fill.ts";
import { helpOf, titleOf, type Schema } from "./schema.ts";
import type { FieldProps } from "./field.ts";

type BlockType = keyof Pick<Texts["content"], "text" | "table" | "image" | "chart" | "form" | "facts">;

/** A new part of each sort, and the definition it obeys. */
const BLOCKS: Record<BlockType, { def: string; make: () => Json }> = {
  text: { def: "Text", make: () => "" },
  table: {
    def: "Table",
    make: (): JsonObject => ({
      type: "table",
      columns: [
        { id: "post", title: "Post", type: "text" },
        { id: "belopp", title: "Belopp", type: "amount" },
      ],
      rows: [{ cells: ["", ""] }],
    }),
  },
  image: { def: "Image", make: () => ({ type: "image" }) },
  chart: { def: "Chart", make: () => ({ type: "chart", chart: "bar" }) },
  form: { def: "Form", make: () => ({ type: "form", fields: [{}] }) },
  facts: { def: "Facts", make: () => ({ type: "facts", items: [{}] }) },
};

function typeOf(block: Json): BlockType | undefined {
  if (typeof block === "string") return "text";
  const type = isObject(block) ? block["type"] : undefined;
  return typeof type === "string" && Object.hasOwn(BLOCKS, type) && type !== "text" ? (type as BlockType) : undefined;
}

export function ContentField(props: FieldProps) {
  const { schema, formData, fieldPathId, onChange, name, required } = props;
  const { lang, t } = useLanguage();
  const env = useFormEnv();
  const [adding, setAdding] = useState(false);
  const path = fieldPathId.path;
  const pointer = toPointer(path);
  const id = fieldId(pointer);
  const single = !Array.isArray(formData);
  const blocks: Json[] = Array.isArray(formData) ? formData : [formData ?? ""];
  const title = titleOf(schema, lang, name);
  const help = helpOf(schema, lang, env.defs);
  const findings = useFindings(env.findings, pointer);

  /** A lone text is kept as a text, unless the file had it in a list. */
  const set = (next: Json[]) => {
    const only = next[0];
    if (next.length === 0 || (next.length === 1 && only === "")) onChange(undefined, path);
    else if (next.length === 1 && typeof only === "string" && single) onChange(only, path);
    else onChange(next, path);
  };
  const add = (type: BlockType) => {
    setAdding(false);
    const kept = blocks.length === 1 && blocks[0] === "" ? [] : blocks;
    const next = [...kept, BLOCKS[type].make()];
    env.open.set(`${pointer}/${next.length - 1}`, true);
    onChange(next, path);
    announce(t.added(t.content[type]));
    focusLater(`${id}/${next.length - 1}--first`, `${id}/${next.length - 1}`);
  };
  /** What was pasted in a text had tables: they become parts of their own, with the text on both sides. */
  const split = (index: number, before: string, parts: readonly Part[], after: string) => {
    const pieces: Json[] = [before, ...parts.map((part) => (part.t === "text" ? toMarkdown(part.blocks) : tableOf(part.cells))), after];
    const joined: Json[] = [];
    for (const piece of pieces) {
      const last = joined[joined.length - 1];
      if (piece === "") continue;
      if (typeof piece === "string" && typeof last === "string" && joined.length > 0) joined[joined.length - 1] = `${last}\n\n${piece}`;
      else joined.push(piece);
    }
    onChange([...blocks.slice(0, index), ...joined, ...blocks.slice(index + 1)], path);
  };
  const move = (from: number, to: number) => {
    announce(t.movedTo(t.content.block(title, from + 1), to + 1, blocks.length));
    env.open.rearranged(pointer, afterMove(from, to));
    onChange(moved(blocks, from, to), path);
    const [first, second] = to < from ? ["up", "down"] : ["down", "up"];
    focusLater(`${id}/${to}--${first}`, `${id}/${to}--${second}`);
  };
  const remove = (index: number) => {
    announceRemoved(t.removed(t.content.block(title, index + 1)));
    env.open.rearranged(pointer, afterRemove(index));
    set(blocks.filter((_, i) => i !== index));
    focusLater(`${id}--add`);
  };

  return (
    <div className="content wide" role="group" aria-label={title} aria-describedby={findings.length > 0 ? id + "--findings" : undefined} id={single ? undefined : id} tabIndex={single ? undefined : -1}>
      <div className="list-head">
        <Heading className="list-title">{title}</Heading>
        {required && <span className="required">{t.required}</span>}
      </div>
      {help && (
        <p className="help" id={id + "--help"}>
          {help}
        </p>
      )}
      {findings.length > 0 && <FindingWords findings={findings} id={id + "--findings"} />}
      <Deeper>
        {blocks.map((block, index) => (
          <Block
            key={index}
            {...props}
            block={block}
            index={index}
            count={blocks.length}
            single={single}
            title={title}
            onText={(text) => (single ? onChange(text === "" ? undefined : text, path) : onChange(text, [...path, index]))}
            onParts={env.defs["Table"] === undefined ? undefined : (before, parts, after) => split(index, before, parts, after)}
            onMove={move}
            onRemove={remove}
          />
        ))}
      </Deeper>
      <div className="add-part">
        <button type="button" className="quiet" id={id + "--add"} aria-expanded={adding} onClick={() => setAdding(!adding)}>
          <Icon name="add" />
          {t.content.add}
          <span className="visually-hidden"> {t.content.addTo(title)}</span>
        </button>
        {adding && (
          <div className="choices" role="group" aria-label={t.content.add}>
            {(Object.keys(BLOCKS) as BlockType[])
              .filter((type) => env.defs[BLOCKS[type].def] !== undefined)
              .map((type) => (
                <button type="button" className="choice" key={type} onClick={() => add(type)}>
                  {t.content[type]}
                </button>
              ))}
          </div>
        )}
      </div>
    </div>
  );
}

type BlockProps = FieldProps & {
  block: Json;
  index: number;
  count: number;
  single: boolean;
  title: string;
  onText: (text: string) => void;
  onParts: ComponentProps<typeof RunningText>["onParts"];
  onMove: (from: number, to: number) => void;
  onRemove: (index: number) => void;
};

function Block(props: BlockProps) {
  const { block, index, count, single, title, onText, onParts, onMove, onRemove, ...field } = props;
  const { lang, t } = useLanguage();
  const env = useFormEnv();
  const path = single ? field.fieldPathId.path : [...field.fieldPathId.path, index];
  const pointer = toPointer(path);
  const id = fieldId(pointer);
  const type = typeOf(block);
  const at = fieldId(toPointer([...field.fieldPathId.path, index]));
  const what = t.content.block(title, index + 1);
  const alone = count === 1 && type === "text";
  const actions = !alone && (
    <span className="block-actions">
      {count > 1 && (
        <>
          <IconButton id={at + "--up"} name="up" label={`${t.moveUp}: ${what}`} disabled={index === 0} onClick={() => onMove(index, index - 1)} />
          <IconButton id={at + "--down"} name="down" label={`${t.moveDown}: ${what}`} disabled={index === count - 1} onClick={() => onMove(index, index + 1)} />
        </>
      )}
      <IconButton name="remove" label={`${t.remove}: ${what}`} onClick={() => onRemove(index)} />
    </span>
  );
  if (type === "text") {
    return (
      <div className="block text-block">
        <TextBlock pointer={pointer} label={count > 1 ? what : title} text={scalarText(block)} onText={onText} onParts={onParts} inList={!single} />
        {actions}
      </div>
    );
  }
  const def = type ? (env.defs[BLOCKS[type].def] as Schema | undefined) : undefined;
  const SchemaField = field.registry.fields[def ? "SchemaField" : "FallbackField"] as ComponentType<FieldProps>;
  return (
    <div className="block part" id={id} tabIndex={-1}>
      <div className="part-head">
        <Heading className="part-title">
          {type ? t.content[type] : t.rawJson}
          <PartName block={block} lang={lang} />
        </Heading>
        {actions}
      </div>
      <Deeper>
        <SchemaField
          {...field}
          name={String(index)}
          uiSchema={undefined}
          required={false}
          schema={def ? { $ref: `#/$defs/${BLOCKS[type as BlockType].def}` } : {}}
          formData={block}
          fieldPathId={{ $id: id, path }}
        />
        {type === "image" && <ImageFile path={scalarText((block as JsonObject)["file"])} onPath={(p) => field.onChange(p, [...path, "file"])} />}
      </Deeper>
    </div>
  );
}

/** The title of a table or chart, after its sort. */
function PartName({ block }: { block: Json; lang: Lang }) {
  const title = isObject(block) ? scalarText(block["title"]) : "";
  return title ? <span className="part-name">{title}</span> : null;
}

function TextBlock(props: {
  pointer: string;
  label: string;
  text: string;
  onText: (text: string) => void;
  onParts: ComponentProps<typeof RunningText>["onParts"];
  inList: boolean;
}) {
  const env = useFormEnv();
  const findings = useFindings(env.findings, props.pointer);
  const id = fieldId(props.pointer);
  const aria = {
    id,
    ...(findings.length > 0 ? { "aria-describedby": id + "--findings" } : {}),
    ...(findings.some((f) => f.severity === "error") ? { "aria-invalid": true } : {}),
  };
  return (
    <div className="text-field">
      <RunningText aria={aria} label={props.label} value={props.text} onChange={props.onText} onParts={props.onParts} />
      {props.inList && findings.length > 0 && <FindingWords findings={findings} id={id + "--findings"} />}
    </div>
  );
}
