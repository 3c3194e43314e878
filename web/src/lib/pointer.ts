/** JSON pointers (RFC 6901) and changes to a value at a path, which leave everything beside the path as it is. */
import { isObject, type Json, type JsonObject } from "./json.ts";

export type Path = (string | number)[];

export function toPointer(path: Path): string {
  return path.map((part) => "/" + String(part).replaceAll("~", "~0").replaceAll("/", "~1")).join("");
}

export function fromPointer(pointer: string): string[] {
  if (pointer === "") return [];
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The pointer itself and all that it lies in, innermost first; the last is "". */
export function withAncestors(pointer: string): string[] {
  const all: string[] = [];
  for (let rest = pointer; rest !== ""; rest = rest.slice(0, rest.lastIndexOf("/"))) all.push(rest);
  return [...all, ""];
}

export function getAt(value: Json | undefined, path: Path): Json | undefined {
  let at: Json | undefined = value;
  for (const part of path) {
    if (Array.isArray(at)) at = at[Number(part)];
    else if (isObject(at)) at = Object.hasOwn(at, String(part)) ? at[String(part)] : undefined;
    else return undefined;
  }
  return at;
}

/** A copy with `next` at `path`; `undefined` takes the property away. */
export function setAt(value: Json | undefined, path: Path, next: Json | undefined): Json | undefined {
  const [head, ...rest] = path;
  if (head === undefined) return next;
  if (Array.isArray(value) || (value === undefined && typeof head === "number")) {
    const list: Json[] = Array.isArray(value) ? [...value] : [];
    const index = Number(head);
    list[index] = setAt(list[index], rest, next) ?? (rest.length > 0 ? {} : "");
    return list;
  }
  const object: JsonObject = isObject(value) ? { ...value } : {};
  const inner = setAt(object[head], rest, next);
  if (inner === undefined) delete object[head];
  else object[head] = inner;
  return object;
}

/** A copy of a list with the element at `from` moved to `to`. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  const [item] = next.splice(from, 1);
  if (item !== undefined) next.splice(to, 0, item);
  return next;
}

/** Where each element of a list has gone when the one at `from` moved to `to`. */
export function afterMove(from: number, to: number): (index: number) => number {
  return (index) => {
    if (index === from) return to;
    if (from < index && index <= to) return index - 1;
    return to <= index && index < from ? index + 1 : index;
  };
}

/** Where each element has gone when the one at `gone` was taken away. */
export function afterRemove(gone: number): (index: number) => number | null {
  return (index) => (index === gone ? null : index > gone ? index - 1 : index);
}
