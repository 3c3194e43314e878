/** Chooses the field for a schema: ours for the types of the model that have an editor, else the library's. */
import getDefaultRegistry from "@rjsf/core/lib/getDefaultRegistry.js";
import { memo, type ComponentType } from "react";
import { ContentField } from "./ContentField.tsx";
import type { FieldProps } from "./field.ts";
import { ReportField } from "./ReportField.tsx";
import { RawField } from "./scalars.tsx";
import { refName, type Schema } from "./schema.ts";
import { TableField } from "./TableField.tsx";

const CoreSchemaField = getDefaultRegistry().fields["SchemaField"] as unknown as ComponentType<FieldProps>;

const EDITORS: Record<string, ComponentType<FieldProps>> = {
  Content: ContentField,
  Rapport: ReportField,
  Table: TableField,
};

function SchemaFieldInner(props: FieldProps) {
  const name = refName(props.schema);
  const special = name !== undefined && Object.hasOwn(EDITORS, name) ? EDITORS[name] : undefined;
  const Editor = (props.uiSchema?.["ui:field"] as ComponentType<FieldProps> | undefined) ?? special;
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
