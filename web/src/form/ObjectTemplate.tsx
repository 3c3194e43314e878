/** The properties of an object: a grid of fields; at the root with the seldom used ones in a section at the end. */
import type { ObjectFieldTemplateProps } from "@rjsf/utils";
import { toPointer } from "../lib/pointer.ts";
import { Fold } from "./Fold.tsx";
import { useLanguage } from "../texts/index.tsx";
import { fieldId, MORE, MORE_FIELDS } from "./jump.ts";
import { helpOf, titleOf, type Schema } from "./schema.ts";
import { useFormEnv } from "./env.ts";

/** What a root object shows last, and what is chosen elsewhere on the page. */
const LAST = ["signaturer", "bilagor"];
const ELSEWHERE = ["kind", "profile"];

export function ObjectTemplate({ properties, fieldPathId, schema, title }: ObjectFieldTemplateProps<unknown, Schema>) {
  const { lang, t } = useLanguage();
  const env = useFormEnv();
  const path = fieldPathId.path;
  const id = fieldId(toPointer(path));
  if (path.length === 0) {
    const shown = properties.filter((p) => !ELSEWHERE.includes(p.name));
    const more = shown.filter((p) => MORE_FIELDS.includes(p.name));
    const last = shown.filter((p) => LAST.includes(p.name));
    const first = shown.filter((p) => !more.includes(p) && !last.includes(p));
    return (
      <div className="fields" id={id} tabIndex={-1}>
        {first.map((p) => p.content)}
        {last.map((p) => p.content)}
        {more.length > 0 && (
          <Fold pointer={MORE} title={t.more} className="wide">
            {() => <div className="fields">{more.map((p) => p.content)}</div>}
          </Fold>
        )}
      </div>
    );
  }
  const inList = typeof path[path.length - 1] === "number";
  if (inList || title === "") {
    return <div className="fields">{properties.map((p) => p.content)}</div>;
  }
  const help = helpOf(schema, lang, env.defs);
  return (
    <fieldset className="group wide" id={id}>
      <legend>{titleOf(schema, lang, String(path[path.length - 1]))}</legend>
      {help && <p className="help">{help}</p>}
      <div className="fields">{properties.map((p) => p.content)}</div>
    </fieldset>
  );
}
