/** A form for a model, made from the schema of its kind. */
import { useMemo, type ComponentType } from "react";
import type { Json, JsonObject } from "../lib/json.ts";
import type { Path } from "../lib/pointer.ts";
import type { KindForm } from "./kind-form.ts";
import type { FindingStore } from "../lib/findings.ts";
import type { OpenStore } from "../lib/store.ts";
import { Deeper } from "./Fold.tsx";
import { FormEnvProvider, type FormEnv } from "./env.ts";
import type { FieldProps } from "./field.ts";
import { watching } from "./watching.ts";
import type { Schema } from "./schema.ts";
import { SchemaField } from "./SchemaField.tsx";

interface Props {
  form: KindForm;
  model: JsonObject;
  files: ReadonlyMap<string, Blob>;
  findings: FindingStore;
  open: OpenStore;
  onChange: (value: Json | undefined, path: Path) => void;
  onFile: (path: string, file: Blob | null) => void;
  dnrExample: string | null;
  /** Fields of our own for properties at the root. */
  editors?: Record<string, ComponentType<FieldProps>>;
}

const ROOT = { $id: "f", path: [] };
const ignore = () => undefined;

export function FormPane({ form, model, files, findings, open, onChange, onFile, dnrExample, editors }: Props) {
  const env = useMemo<FormEnv>(
    () => ({ findings, open, files, setFile: onFile, dnrExample, defs: (form.schema.$defs ?? {}) as Record<string, Schema> }),
    [findings, open, files, onFile, dnrExample, form],
  );
  const uiSchema = useMemo(
    () => Object.fromEntries(Object.entries(editors ?? {}).map(([name, editor]) => [name, { "ui:field": editor as never }])),
    [editors],
  );
  return (
    <FormEnvProvider value={env}>
      <Deeper>
        <div className="watched" {...watching(findings)}>
          <SchemaField
            name=""
            schema={form.schema}
            uiSchema={uiSchema}
            formData={model}
            fieldPathId={ROOT}
            registry={form.registry}
            required
            onChange={onChange}
            onBlur={ignore}
            onFocus={ignore}
          />
        </div>
      </Deeper>
    </FormEnvProvider>
  );
}
