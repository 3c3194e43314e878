/** Schemas and templates of the kinds, fetched once each. */
import { getText, type Profile } from "../lib/api.ts";
import { isObject, parseJson, type JsonObject } from "../lib/json.ts";
import type { FormRegistry } from "./field.ts";
import { createRegistry } from "./registry.ts";
import type { Schema } from "./schema.ts";
import { requiredLists } from "../lib/prune.ts";

export interface KindForm {
  kind: string;
  schema: Schema;
  registry: FormRegistry;
  keep: ReadonlySet<string>;
}

/** A choice between words is a string, also where a schema leaves that unsaid. */
function nameChoices(schema: Schema): void {
  for (const part of Object.values(schema)) {
    if (typeof part === "object" && part !== null) nameChoices(part as Schema);
  }
  const branches = schema.oneOf as Schema[] | undefined;
  if (schema.type === undefined && Array.isArray(branches) && branches.every((b) => typeof b.const === "string")) {
    schema.type = "string";
  }
}

const forms = new Map<string, Promise<KindForm>>();

export function kindForm(kind: string): Promise<KindForm> {
  let form = forms.get(kind);
  if (form === undefined) {
    form = getText(`/v1/schemas/${encodeURIComponent(kind)}`).then((text) => {
      const { $id: _id, ...schema } = JSON.parse(text) as Schema;
      nameChoices(schema);
      return { kind, schema, registry: createRegistry(schema), keep: requiredLists(schema) };
    });
    forms.set(kind, form);
    form.catch(() => forms.delete(kind));
  }
  return form;
}

/** A template, of the municipality that the service is for. */
export async function templateOf(kind: string, profiles: readonly Profile[]): Promise<JsonObject> {
  const example = await exampleOf(kind);
  const own = profiles.find((profile) => profile.own);
  if (own === undefined) return example;
  const template: JsonObject = { ...example, profile: own.name };
  if (example["dnr"] !== undefined && own.dnr_example) template["dnr"] = own.dnr_example;
  return template;
}

export async function exampleOf(kind: string): Promise<JsonObject> {
  const model = parseJson(await getText(`/v1/examples/${encodeURIComponent(kind)}`));
  if (!isObject(model)) throw new SyntaxError("an example is an object");
  return model;
}

export function emptyOf(kind: string, profile: string | undefined): JsonObject {
  const today = new Date();
  const date = [today.getFullYear(), today.getMonth() + 1, today.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
  return { kind, ...(profile ? { profile } : {}), date };
}
