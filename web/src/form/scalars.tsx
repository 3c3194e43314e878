/** Fields for single values: lines, running text, dates, choices, numbers, yes and no. */
import { useEffect, useRef, useState } from "react";
import { isNum, parseJson, writeJson, type Json } from "../lib/json.ts";
import { editText, readNumber, scalarText } from "../lib/numbers.ts";
import { toPointer } from "../lib/pointer.ts";
import { useLanguage, useT } from "../texts/index.tsx";
import { IconButton } from "../parts/Icon.tsx";
import { useFormEnv } from "./env.ts";
import { GrowingText } from "./GrowingText.tsx";
import { Labelled, type Aria } from "./Labelled.tsx";
import { LineInput } from "./LineInput.tsx";
import { RunningText } from "./RunningText.tsx";
import { helpOf, optionsOf, refName, titleOf, type Schema } from "./schema.ts";
import type { FieldProps } from "./field.ts";
import { useWritten } from "./written.ts";

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;

/** A date as the documents write it, whatever the browser's language; the calendar is the browser's own. */
function DateInput({ aria, value, onChange }: { aria: Aria; value: string; onChange: (v: string) => void }) {
  const t = useT();
  const calendar = useRef<HTMLInputElement>(null);
  return (
    <span className="date">
      <input
        {...aria}
        type="text"
        placeholder={t.datePlaceholder}
        value={value}
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
      />
      <IconButton name="calendar" label={t.calendar} onClick={() => calendar.current?.showPicker()} />
      <input
        ref={calendar}
        type="date"
        className="date-native"
        tabIndex={-1}
        aria-hidden="true"
        value={ISO_DATE.test(value) ? value : ""}
        onChange={(event) => onChange(event.target.value)}
      />
    </span>
  );
}

/** Fields that hold a diarienummer, whose form differs between municipalities. */
const DNR = new Set(["dnr", "andra_dnr"]);

/** Fields of tables that are read as lines without being of that type. */
const READ_AS_LINES = new Set(["title", "sign_convention"]);

/** Whether the service reads a field's text as one paragraph with emphasis and links. */
export const isLine = (schema: Schema, name: string): boolean =>
  refName(schema) === "Line" || (refName(schema) === undefined && READ_AS_LINES.has(name));

const LONG = new Set(["title", "subtitle", "caption", "alt", "help", "label", "uppdrag", "plats"]);

export function StringField(props: FieldProps) {
  const { schema, formData, fieldPathId, onChange, required, name } = props;
  const { lang, t } = useLanguage();
  const env = useFormEnv();
  const path = fieldPathId.path;
  const constant = schema.const as Json | undefined;
  useEffect(() => {
    if (constant !== undefined && formData === undefined && required) onChange(constant, path);
  }, [constant, formData, required]);
  if (constant !== undefined) return null;
  const type = refName(schema);
  const text = scalarText(formData);
  const change = (value: string) => onChange(value === "" ? undefined : value, path);
  const options = optionsOf(schema, lang);
  const running = type === "Text" || schema.format === "textarea";
  const preset = options?.find((o) => o.value === schema.default)?.label;
  return (
    <Labelled
      pointer={toPointer(path)}
      label={titleOf(schema, lang, name)}
      example={DNR.has(name) || DNR.has(String(path[path.length - 2])) ? (env.dnrExample ?? undefined) : undefined}
      help={helpOf(schema, lang, env.defs) ?? (schema.enum || options ? undefined : (type === "Text" ? t.textHelp : undefined))}
      required={required}
      wide={running || LONG.has(name)}
    >
      {(aria) => {
        if (options) {
          const known = text === "" || options.some((o) => o.value === text);
          return (
            <select {...aria} value={text} onChange={(event) => change(event.target.value)}>
              <option value="">{preset ? t.preset(preset) : required ? t.choose : t.notStated}</option>
              {options.map((o) => (
                <option key={o.value} value={o.value}>
                  {o.label}
                </option>
              ))}
              {!known && <option value={text}>{text}</option>}
            </select>
          );
        }
        if (type === "Text") return <RunningText aria={aria} value={text} onChange={change} />;
        if (running) return <GrowingText aria={aria} value={text} onChange={change} />;
        if (isLine(schema, name)) return <LineInput aria={aria} value={text} onLine={change} />;
        if (type === "Date" || schema.format === "date") return <DateInput aria={aria} value={text} onChange={change} />;
        return (
          <input
            {...aria}
            type="text"
            lang="sv"
            className={type === "Time" ? "short" : undefined}
            placeholder={type === "Time" ? "19:00" : type === "Lagrum" ? "26 kap. 1 §" : undefined}
            value={text}
            autoComplete="off"
            onChange={(event) => change(event.target.value)}
          />
        );
      }}
    </Labelled>
  );
}

export function NumberField(props: FieldProps) {
  const { schema, formData, fieldPathId, onChange, required, name } = props;
  const { lang } = useLanguage();
  const env = useFormEnv();
  const path = fieldPathId.path;
  // What is no number is sent as it stands, and the service says what is wrong with it.
  const read = (text: string): Json | undefined => (text.trim() === "" ? undefined : (readNumber(text) ?? text));
  const { text, onText, onBlur } = useWritten<Json | undefined>(formData, (value) => (isNum(value) ? editText(value) : scalarText(value)), read, (value) => onChange(value, path));
  return (
    <Labelled
      pointer={toPointer(path)}
      label={titleOf(schema, lang, name)}
      help={helpOf(schema, lang, env.defs)}
      required={required}
    >
      {(aria) => (
        <input
          {...aria}
          type="text"
          inputMode={schema.type === "integer" ? "numeric" : "decimal"}
          className="short"
          value={text}
          autoComplete="off"
          onChange={(event) => onText(event.target.value)}
          onBlur={onBlur}
        />
      )}
    </Labelled>
  );
}

export function BooleanField(props: FieldProps) {
  const { schema, formData, fieldPathId, onChange, required, name } = props;
  const { lang, t } = useLanguage();
  const env = useFormEnv();
  const path = fieldPathId.path;
  const shared = {
    pointer: toPointer(path),
    label: titleOf(schema, lang, name),
    help: helpOf(schema, lang, env.defs),
    required,
  };
  const isBoolean = formData === undefined || typeof formData === "boolean";
  if (isBoolean && (schema.default !== undefined || required)) {
    const preset = schema.default === true;
    return (
      <Labelled {...shared} after>
        {(aria) => (
          <input
            {...aria}
            type="checkbox"
            checked={formData === undefined ? preset : formData === true}
            onChange={(event) => onChange(event.target.checked === preset && !required ? undefined : event.target.checked, path)}
          />
        )}
      </Labelled>
    );
  }
  // Without a default, saying no is not the same as saying nothing.
  const value = formData === undefined ? "" : formData === true ? "yes" : formData === false ? "no" : "other";
  return (
    <Labelled {...shared}>
      {(aria) => (
        <select
          {...aria}
          value={value}
          className="short"
          onChange={(event) => onChange(event.target.value === "" ? undefined : event.target.value === "yes", path)}
        >
          <option value="">{t.notStated}</option>
          <option value="yes">{t.yes}</option>
          <option value="no">{t.no}</option>
          {value === "other" && <option value="other">{scalarText(formData)}</option>}
        </select>
      )}
    </Labelled>
  );
}

/** Whatever no other field can show: its JSON. */
export function RawField({ formData, fieldPathId, onChange, schema, name }: FieldProps) {
  const { lang } = useLanguage();
  const t = useT();
  const [draft, setDraft] = useState<{ text: string; value: Json | undefined } | null>(null);
  const [wrong, setWrong] = useState(false);
  const pointer = toPointer(fieldPathId.path);
  const shown = draft !== null && draft.value === formData ? draft.text : formData === undefined ? "" : writeJson(formData, 2);
  const title = titleOf(schema, lang, name);
  return (
    <Labelled pointer={pointer} label={`${title} (${t.rawJson})`} help={wrong ? t.rawJsonWrong : undefined} wide>
      {(aria) => (
        <GrowingText
          aria={aria}
          value={shown}
          onChange={(text) => {
            try {
              const value = text.trim() === "" ? undefined : parseJson(text);
              setDraft({ text, value });
              onChange(value, fieldPathId.path);
              setWrong(false);
            } catch {
              setDraft({ text, value: formData });
              setWrong(true);
            }
          }}
        />
      )}
    </Labelled>
  );
}

