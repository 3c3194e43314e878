/** A document of an item: the name of its file, or the model itself inside the kallelse. */
import { isObject } from "../lib/json.ts";
import { scalarText } from "../lib/numbers.ts";
import { toPointer } from "../lib/pointer.ts";
import { useLanguage } from "../texts/index.tsx";
import { useFormEnv } from "./env.ts";
import { Labelled } from "./Labelled.tsx";
import { helpOf, titleOf } from "./schema.ts";
import type { FieldProps } from "./field.ts";

export function ReportField({ schema, formData, fieldPathId, onChange, name, required }: FieldProps) {
  const { lang, t } = useLanguage();
  const env = useFormEnv();
  const path = fieldPathId.path;
  const label = titleOf(schema, lang, name);
  return (
    <Labelled pointer={toPointer(path)} label={label} help={helpOf(schema, lang, env.defs)} required={required} wide>
      {(aria) =>
        isObject(formData) ? (
          <output {...aria} tabIndex={-1}>
            {t.modelInline(scalarText(formData["title"]))}
          </output>
        ) : (
          <input
            {...aria}
            type="text"
            value={scalarText(formData)}
            onChange={(event) => onChange(event.target.value === "" ? undefined : event.target.value, path)}
          />
        )
      }
    </Labelled>
  );
}
