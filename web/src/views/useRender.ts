/** Renders the document a moment after each change; later changes take over from earlier ones. */
import { useEffect, useRef, useState } from "react";
import { bytesOf, modelBody, postJson, ServiceError, type Finding } from "../lib/api.ts";
import { writeJson, type JsonObject } from "../lib/json.ts";
import { prune } from "../lib/prune.ts";

/** While someone types, the form is sent when they pause this long. */
const AFTER_MS = 120;
/** The first change after a rest is sent almost at once. */
const FIRST_AFTER_MS = 20;
const REST_MS = 500;
const OFFLINE_RETRY_MS = 5000;

export interface RenderState {
  pdf: Uint8Array<ArrayBuffer> | null;
  fileName: string;
  pages: number;
  /** Whether the PDF is of an earlier version than the form. */
  stale: boolean;
  busy: boolean;
  findings: readonly Finding[];
  problem: unknown;
}

const NOTHING: RenderState = { pdf: null, fileName: "", pages: 0, stale: false, busy: false, findings: [], problem: null };

export function useRender(
  model: JsonObject | null,
  files: ReadonlyMap<string, Blob>,
  standard: string,
  keep: ReadonlySet<string>,
  generation: number,
  signIns: number,
): RenderState & { again: () => void } {
  const [state, setState] = useState<RenderState>(NOTHING);
  const [retry, setRetry] = useState(0);
  const seen = useRef(-1);
  const changed = useRef(0);

  useEffect(() => {
    if (model === null) {
      setState(NOTHING);
      return;
    }
    const abort = new AbortController();
    const another = seen.current !== generation;
    const rested = performance.now() - changed.current > REST_MS;
    changed.current = performance.now();
    seen.current = generation;
    if (another) setState({ ...NOTHING, busy: true });
    const go = async () => {
      setState((old) => ({ ...old, busy: true }));
      try {
        const result = await postJson("/v1/render", {
          query: { standard },
          ...modelBody(writeJson(prune(model, keep)), files),
          signal: abort.signal,
        });
        setState({
          pdf: bytesOf(result.pdf),
          fileName: result.file_name,
          pages: result.pages,
          stale: false,
          busy: false,
          findings: result.findings,
          problem: null,
        });
      } catch (error) {
        if (abort.signal.aborted) return;
        const findings = error instanceof ServiceError ? error.problem?.findings : undefined;
        if (findings && findings.length > 0) {
          setState((old) => ({ ...old, stale: old.pdf !== null, busy: false, findings, problem: null }));
        } else {
          setState((old) => ({ ...old, stale: old.pdf !== null, busy: false, problem: error }));
          if (error instanceof ServiceError && error.status === 0) timer = setTimeout(() => setRetry((n) => n + 1), OFFLINE_RETRY_MS);
        }
      }
    };
    let timer = setTimeout(() => void go(), another ? 0 : rested ? FIRST_AFTER_MS : AFTER_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [model, files, standard, keep, generation, signIns, retry]);

  return { ...state, again: () => setRetry((n) => n + 1) };
}
