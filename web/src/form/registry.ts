/** The form library with our own fields and templates. */
import getDefaultRegistry from "@rjsf/core/lib/getDefaultRegistry.js";
import { createSchemaUtils } from "@rjsf/utils";
import { ArrayField } from "./ArrayField.tsx";
import { ChoiceTemplate } from "./ChoiceTemplate.tsx";
import type { FormRegistry } from "./field.ts";
import { ObjectTemplate } from "./ObjectTemplate.tsx";
import { SchemaField } from "./SchemaField.tsx";
import { BooleanField, NumberField, RawField, StringField } from "./scalars.tsx";
import type { Schema } from "./schema.ts";
import { validator } from "./validator.ts";

export function createRegistry(schema: Schema): FormRegistry {
  const base = getDefaultRegistry<unknown, Schema>();
  return {
    ...base,
    fields: {
      ...base.fields,
      ArrayField,
      BooleanField,
      FallbackField: RawField,
      NumberField,
      SchemaField,
      StringField,
    } as unknown as FormRegistry["fields"],
    templates: {
      ...base.templates,
      FieldTemplate: ({ children }) => children,
      MultiSchemaFieldTemplate: ChoiceTemplate,
      ObjectFieldTemplate: ObjectTemplate,
    } as FormRegistry["templates"],
    rootSchema: schema,
    schemaUtils: createSchemaUtils(validator, schema),
    globalFormOptions: {
      idPrefix: "f",
      idSeparator: "/",
      experimental_componentUpdateStrategy: "always",
      useFallbackUiForUnsupportedType: false,
    },
  };
}
