/** What the fields of a form share. */
import { createContext, useContext } from "react";
import type { FindingStore } from "../lib/findings.ts";
import type { OpenStore } from "../lib/store.ts";
import type { Schema } from "./schema.ts";

export interface FormEnv {
  findings: FindingStore;
  open: OpenStore;
  defs: Record<string, Schema>;
  /** Files that the model names, by the path that it uses. */
  files: ReadonlyMap<string, Blob>;
  setFile: (path: string, file: Blob | null) => void;
  /** A diarienummer as the chosen municipality writes it. */
  dnrExample: string | null;
}

const Context = createContext<FormEnv | null>(null);
export const FormEnvProvider = Context.Provider;

export function useFormEnv(): FormEnv {
  const env = useContext(Context);
  if (env === null) throw new Error("a field outside a form");
  return env;
}
