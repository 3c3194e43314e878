/** The model as it is sent and saved: without what has been left empty. */
import { isObject, type Json, type JsonObject } from "./json.ts";

interface SchemaLike {
  properties?: Record<string, SchemaLike>;
  required?: string[];
  type?: string | string[];
  $ref?: string;
  $defs?: Record<string, SchemaLike>;
}

/** Names of list properties that some type of the schema requires: these are kept when they are empty. */
export function requiredLists(schema: object): Set<string> {
  const names = new Set<string>();
  const root = schema as SchemaLike;
  for (const part of [root, ...Object.values(root.$defs ?? {})]) {
    for (const name of part.required ?? []) if (part.properties?.[name]?.type === "array") names.add(name);
  }
  return names;
}

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

/**
 * Leaves out empty properties, and empty elements at the end of a list. An empty element before others stays, so that
 * places in the model stay what they are in the form. Cells of tables are kept as they are: there null and blank mean
 * something.
 */
export function prune(value: JsonObject, keep: ReadonlySet<string>): JsonObject {
  return pruneObject(value, keep);
}

function pruneValue(value: Json, keep: ReadonlySet<string>): Json {
  if (Array.isArray(value)) {
    const list = value.map((item) => pruneValue(item, keep));
    while (list.length > 0 && isEmpty(list[list.length - 1])) list.pop();
    return list;
  }
  return isObject(value) ? pruneObject(value, keep) : value;
}

function pruneObject(object: JsonObject, keep: ReadonlySet<string>): JsonObject {
  const next: JsonObject = {};
  for (const [key, value] of Object.entries(object)) {
    if (key === "cells" && Array.isArray(value)) {
      if (value.length > 0) next[key] = value;
      continue;
    }
    if (key === "rows" && Array.isArray(value)) {
      // Every row of a table counts, also one without anything in it yet.
      next[key] = value.map((row) => (isObject(row) ? pruneObject(row, keep) : row));
      continue;
    }
    const inner = pruneValue(value, keep);
    if (!isEmpty(inner) || (Array.isArray(inner) && keep.has(key))) {
      Object.defineProperty(next, key, { value: inner, enumerable: true, writable: true, configurable: true });
    }
  }
  return next;
}
