/** What the parts of the pack view share. */
import { createContext, useContext } from "react";
import type { Json, JsonObject } from "../lib/json.ts";
import type { Path } from "../lib/pointer.ts";
import type { KindForm } from "../form/kind-form.ts";

export interface Pack {
  form: KindForm;
  model: JsonObject;
  files: ReadonlyMap<string, Blob>;
  reports: ReadonlyMap<string, Json>;
  change: (value: Json | undefined, path: Path) => void;
  /** Adds files to an item, as new documents or as those that it already names. */
  addTo: (item: number, files: File[]) => void;
  openReport: (doc: JsonObject, pointer: string) => void;
}

const Context = createContext<Pack | null>(null);
export const PackProvider = Context.Provider;

export function usePack(): Pack {
  const pack = useContext(Context);
  if (pack === null) throw new Error("outside a pack");
  return pack;
}
