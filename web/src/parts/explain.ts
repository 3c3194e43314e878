/** Problems of the service in plain words, with what to do. */
import type { Texts } from "../texts/sv.ts";
import { ServiceError } from "../lib/api.ts";

export interface Explained {
  title: string;
  detail?: string;
  remedy: string;
}

export function explain(error: unknown, t: Texts): Explained {
  const p = t.problems;
  if (!(error instanceof ServiceError)) return { title: p.other, remedy: p.otherRemedy };
  const detail = error.problem?.detail;
  switch (error.status) {
    case 0:
      return { title: p.offline, remedy: p.offlineRemedy };
    case 401:
      return { title: p.notAuthenticated, remedy: p.notAuthenticatedRemedy };
    case 403:
      return { title: p.notAllowed, detail, remedy: p.notAllowedRemedy };
    case 404:
    case 410:
      return { title: p.gone, remedy: p.goneRemedy };
    case 413:
      return { title: p.tooLarge, detail, remedy: p.tooLargeRemedy };
    case 422:
      if (error.problemName === "unreadable-pdf") return { title: p.unreadable, detail, remedy: p.unreadableRemedy };
      if (error.problemName === "too-demanding") return { title: p.demanding, detail, remedy: p.demandingRemedy };
      break;
    case 429:
    case 503:
      return { title: p.busy, remedy: p.busyRemedy(error.retryAfter) };
    case 500:
      return { title: p.internal, remedy: p.internalRemedy(error.problem?.request_id) };
  }
  return { title: error.problem?.title ?? p.other, detail, remedy: p.otherRemedy };
}
