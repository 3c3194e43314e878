/** The models of the document files at hand, read once each. */
import { useEffect, useState } from "react";
import { parseJson, type Json } from "../lib/json.ts";
import { sortOfFile } from "./model.ts";

const read = new WeakMap<Blob, Json>();

export function useReports(files: ReadonlyMap<string, Blob>): ReadonlyMap<string, Json> {
  const [reports, setReports] = useState<ReadonlyMap<string, Json>>(new Map());
  useEffect(() => {
    let stopped = false;
    const load = async () => {
      const next = new Map<string, Json>();
      for (const [path, blob] of files) {
        if (sortOfFile(path) !== "report") continue;
        let model = read.get(blob);
        if (model === undefined) {
          try {
            model = parseJson(await blob.text());
          } catch {
            // What is wrong with it is told by the service, with the place.
            model = null;
          }
          read.set(blob, model);
        }
        next.set(path, model);
      }
      if (!stopped) setReports(next);
    };
    void load();
    return () => {
      stopped = true;
    };
  }, [files]);
  return reports;
}
