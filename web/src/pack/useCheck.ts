/** What the service finds in the kallelse itself, a moment after each change. */
import { useEffect, useState } from "react";
import { call, type Finding } from "../lib/api.ts";
import { writeJson, type JsonObject } from "../lib/json.ts";
import { prune } from "../lib/prune.ts";

const AFTER_MS = 400;
const NONE: readonly Finding[] = [];

export function useCheck(model: JsonObject, keep: ReadonlySet<string>, turn: number): readonly Finding[] {
  const [findings, setFindings] = useState<readonly Finding[]>(NONE);
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      call("/v1/check", {
        method: "POST",
        body: writeJson(prune(model, keep)),
        type: "application/json",
        accept: "application/json",
        signal: abort.signal,
      })
        .then((response) => response.json())
        .then((answer: { findings: Finding[] }) => setFindings(answer.findings))
        // The making tells of problems with the service; here they would only disturb.
        .catch(() => undefined);
    }, AFTER_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [model, keep, turn]);
  return findings;
}
