/** Why a file could not be opened, in words with what to do. */
import { NoBundle } from "../lib/bundle.ts";
import { otherSort } from "../lib/opening.ts";
import type { Texts } from "../texts/sv.ts";

export function openingWords(error: unknown, name: string, t: Texts): string {
  const sort = otherSort(name);
  if (sort !== null) return t.opening.other[sort](name);
  const why = error instanceof NoBundle ? error.why : "damaged";
  return `${t.opening.failed(name)} ${t.opening.why[why]}`;
}
