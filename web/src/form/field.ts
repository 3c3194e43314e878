/** What every field of a form gets, whichever field it is. */
import type { Registry } from "@rjsf/utils";
import type { Json } from "../lib/json.ts";
import type { Path } from "../lib/pointer.ts";
import type { Schema } from "./schema.ts";

/** The fields and templates of a form. */
export type FormRegistry = Registry<unknown, Schema>;

/** What a field gets: those props of the library's fields that ours use. */
export interface FieldProps {
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
