/** What the service finds in the kallelse itself, a moment after each change. */
import { useEffect, useState } from "react";
import { postJson, type Finding } from "../lib/api.ts";
import { writeJson, type JsonObject } from "../lib/json.ts";
import { prune } from "../lib/prune.ts";

const AFTER_MS = 400;
const NONE: readonly Finding[] = [];

export function useCheck(model: JsonObject, keep: ReadonlySet<string>, signIns: number): readonly Finding[] {
  const [findings, setFindings] = useState<readonly Finding[]>(NONE);
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      postJson("/v1/check", {
        body: writeJson(prune(model, keep)),
        type: "application/json",
        signal: abort.signal,
      })
        .then((answer) => setFindings(answer.findings))
        // The making tells of problems with the service; here they would only disturb.
        .catch(() => undefined);
    }, AFTER_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [model, keep, signIns]);
  return findings;
}
