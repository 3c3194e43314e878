/** A list: of lines as one input after the other, of objects as sections that open. */
import type { ComponentProps, ComponentType } from "react";
import { isObject, type Json } from "../lib/json.ts";
import { scalarText } from "../lib/numbers.ts";
import { afterMove, afterRemove, moved, toPointer } from "../lib/pointer.ts";
import { useFindings } from "../lib/findings.ts";
import { lettersOfLine } from "../text/written.ts";
import { announce, announceRemoved } from "../parts/announce.tsx";
import { FindingWords } from "../parts/FindingWords.tsx";
import { Fold, Deeper, Heading } from "./Fold.tsx";
import { Icon, IconButton } from "../parts/Icon.tsx";
import { useLanguage } from "../texts/index.tsx";
import { useFormEnv } from "./env.ts";
import { focusLater } from "./focus.ts";
import { fieldId } from "./jump.ts";
import { LineInput } from "./LineInput.tsx";
import { RunningText } from "./RunningText.tsx";
import { isLine } from "./scalars.tsx";
import { helpOf, refName, titleOf, type Schema } from "./schema.ts";
import type { FieldProps } from "./field.ts";

const NAMES = ["title", "name", "label", "grupp", "mal", "text", "id"];

/** What an element of a list is called in its heading. */
export function summaryOf(item: Json | undefined): string {
  if (!isObject(item)) return scalarText(item);
  const number = scalarText(item["nummer"]);
  const name = NAMES.map((key) => lettersOfLine(scalarText(item[key])).trim()).find((text) => text !== "") ?? "";
  const text = [number, name].filter(Boolean).join(". ");
  return text.length > 90 ? text.slice(0, 88) + " …" : text;
}

export function ArrayField(props: FieldProps) {
  const { schema, formData, fieldPathId, onChange, registry, name, required } = props;
  const { lang, t } = useLanguage();
  const env = useFormEnv();
  const path = fieldPathId.path;
  const pointer = toPointer(path);
  const id = fieldId(pointer);
  const findings = useFindings(env.findings, pointer);
  const list = Array.isArray(formData) ? formData : [];
  const raw = (schema.items ?? {}) as Schema;
  const resolved = registry.schemaUtils.retrieveSchema(raw) as Schema;
  const objects = resolved.type === "object" || resolved.properties !== undefined;
  const itemName = objects ? titleOf(resolved, lang) : (t.itemNames[name] ?? titleOf(schema, lang, name));
  const SchemaField = registry.fields["SchemaField"] as ComponentType<FieldProps>;
  const scalar = !objects && (resolved.type === "string" || resolved.type === undefined) && !resolved.anyOf;
  const set = (next: Json[]) => onChange(next.length > 0 || required ? next : undefined, path);

  const add = () => {
    const at = list.length;
    env.open.set(`${pointer}/${at}`, true);
    set([...list, objects ? {} : ""]);
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        const item = document.getElementById(fieldId(`${pointer}/${at}`));
        const target = item?.matches("input,textarea") ? item : item?.querySelector<HTMLElement>(".fold-body input, .fold-body textarea, .fold-body select");
        target?.focus();
      }),
    );
  };
  const remove = (index: number) => {
    announceRemoved(t.removed(summaryOf(list[index]) || t.itemOf(itemName, index + 1)));
    env.open.rearranged(pointer, afterRemove(index));
    set(list.filter((_, i) => i !== index));
    focusLater(`${id}/${Math.min(index, list.length - 2)}--remove`, `${id}--add`);
  };
  const move = (from: number, to: number) => {
    announce(t.movedTo(summaryOf(list[from]) || t.itemOf(itemName, from + 1), to + 1, list.length));
    env.open.rearranged(pointer, afterMove(from, to));
    set(moved(list, from, to));
    const [first, second] = to < from ? ["up", "down"] : ["down", "up"];
    focusLater(`${id}/${to}--${first}`, `${id}/${to}--${second}`);
  };

  const buttons = (index: number) => {
    const what = t.itemOf(itemName, index + 1);
    const at = `${id}/${index}`;
    return (
      <>
        {list.length > 1 && (
          <>
            <IconButton id={at + "--up"} name="up" label={`${t.moveUp}: ${what}`} disabled={index === 0} onClick={() => move(index, index - 1)} />
            <IconButton id={at + "--down"} name="down" label={`${t.moveDown}: ${what}`} disabled={index === list.length - 1} onClick={() => move(index, index + 1)} />
          </>
        )}
        <IconButton id={at + "--remove"} name="remove" label={`${t.remove}: ${what}`} onClick={() => remove(index)} />
      </>
    );
  };

  const item = (index: number) => (
    <SchemaField
      {...props}
      schema={raw}
      name={String(index)}
      uiSchema={undefined}
      required={false}
      formData={list[index]}
      fieldPathId={{ $id: `${fieldPathId.$id}/${index}`, path: [...path, index] }}
    />
  );

  const help = helpOf(schema, lang, env.defs);
  return (
    <div className="list wide" role="group" aria-label={titleOf(schema, lang, name)} aria-describedby={findings.length > 0 ? id + "--findings" : undefined} id={id} tabIndex={-1}>
      <div className="list-head">
        <Heading className="list-title">{titleOf(schema, lang, name)}</Heading>
        {required && <span className="required">{t.required}</span>}
      </div>
      {help && <p className="help">{help}</p>}
      {findings.length > 0 && <FindingWords findings={findings} id={id + "--findings"} />}
      <Deeper>
        {scalar
          ? list.map((value, index) => (
              <LineItem
                key={index}
                pointer={`${pointer}/${index}`}
                label={t.itemOf(itemName, index + 1)}
                value={scalarText(value)}
                long={refName(resolved) === "Text"}
                line={isLine(resolved, "") || name === "notes"}
                onChange={(text) => onChange(text, [...path, index])}
                onEnter={index === list.length - 1 ? add : undefined}
                buttons={buttons(index)}
              />
            ))
          : list.map((value, index) => (
              <Fold
                key={index}
                pointer={`${pointer}/${index}`}
                id={`${id}/${index}`}
                title={summaryOf(value) || t.itemOf(itemName, index + 1)}
                actions={buttons(index)}
              >
                {() => item(index)}
              </Fold>
            ))}
      </Deeper>
      <button type="button" className="quiet" id={id + "--add"} onClick={add}>
        <Icon name="add" />
        {t.addItem(itemName)}
      </button>
    </div>
  );
}

/** A line that is no text: a short name, a path. */
function PlainInput({ aria, onLine, ...rest }: ComponentProps<typeof LineInput>) {
  return <input {...aria} {...rest} type="text" lang="sv" autoComplete="off" onChange={(event) => onLine(event.target.value)} />;
}

function LineItem(props: {
  pointer: string;
  label: string;
  value: string;
  long: boolean;
  line: boolean;
  onChange: (text: string) => void;
  onEnter?: () => void;
  buttons: React.ReactNode;
}) {
  const env = useFormEnv();
  const findings = useFindings(env.findings, props.pointer);
  const id = fieldId(props.pointer);
  const Input = props.line ? LineInput : PlainInput;
  const aria = {
    id,
    ...(findings.length > 0 ? { "aria-describedby": id + "--findings" } : {}),
    ...(findings.some((f) => f.severity === "error") ? { "aria-invalid": true } : {}),
  };
  return (
    <div className="line-item">
      <div className="line">
        {props.long ? (
          <RunningText aria={aria} label={props.label} value={props.value} onChange={props.onChange} rows={1} />
        ) : (
          <Input
            aria={aria}
            aria-label={props.label}
            value={props.value}
            onLine={props.onChange}
            onKeyDown={(event) => {
              if (event.key === "Enter" && props.onEnter) {
                event.preventDefault();
                props.onEnter();
              }
            }}
          />
        )}
        <span className="line-buttons">{props.buttons}</span>
      </div>
      {findings.length > 0 && <FindingWords findings={findings} id={id + "--findings"} />}
    </div>
  );
}
