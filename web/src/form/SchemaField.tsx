/** Chooses the field for a schema: ours for the types of the model that have an editor, else the library's. */
import getDefaultRegistry from "@rjsf/core/lib/getDefaultRegistry.js";
import { memo, type ComponentType } from "react";
import type { Json } from "../lib/json.ts";
import type { Path } from "../lib/pointer.ts";
import { ContentField } from "./ContentField.tsx";
import { ReportField } from "./ReportField.tsx";
import type { FormRegistry } from "./registry.ts";
import { RawField } from "./scalars.tsx";
import { refName, type Schema } from "./schema.ts";
import { TableField } from "./TableField.tsx";

/** What a field gets: those props of the library's fields that ours use. */
export interface Props {
  schema: Schema;
  uiSchema?: Record<string, unknown>;
  formData?: Json;
  fieldPathId: { $id: string; path: Path };
  registry: FormRegistry;
  name: string;
  required?: boolean;
  onChange: (value: Json | undefined, path: Path) => void;
  onBlur: () => void;
  onFocus: () => void;
}

const CoreSchemaField = getDefaultRegistry().fields["SchemaField"] as unknown as ComponentType<Props>;

const EDITORS: Record<string, ComponentType<Props>> = {
  Content: ContentField,
  Rapport: ReportField,
  Table: TableField,
};

function SchemaFieldInner(props: Props) {
  const name = refName(props.schema);
  const special = name !== undefined && Object.hasOwn(EDITORS, name) ? EDITORS[name] : undefined;
  const Editor = (props.uiSchema?.["ui:field"] as ComponentType<Props> | undefined) ?? special;
  if (Editor) return <Editor {...props} schema={{ ...(props.registry.rootSchema.$defs?.[name ?? ""] as Schema), ...props.schema }} />;
  // Names that the schema leaves open have no fields of their own.
  if (props.schema.additionalProperties) return <RawField {...props} />;
  return <CoreSchemaField {...props} />;
}

/** Two resolved schemas of the same definition are the same for a field, however often they were resolved. */
function sameSchema(a: Schema, b: Schema): boolean {
  if (a === b) return true;
  const name = refName(a);
  return name !== undefined && name === refName(b) && a.title === b.title && a.description === b.description;
}

export const SchemaField = memo(SchemaFieldInner, (a, b) => {
  const path = a.fieldPathId.path;
  return (
    path.length > 0 &&
    a.formData === b.formData &&
    a.fieldPathId.$id === b.fieldPathId.$id &&
    a.registry === b.registry &&
    a.required === b.required &&
    a.name === b.name &&
    a.uiSchema === b.uiSchema &&
    sameSchema(a.schema, b.schema)
  );
});
