import { useService } from "../lib/service.tsx";
import { useT } from "../texts/index.tsx";

/** Stands where something is being fetched, or cannot be before somebody has signed in. */
export function Waiting() {
  const t = useT();
  const { session } = useService();
  const out = session?.required === true && !session.authenticated;
  return <p role="status">{out ? t.problems.notAuthenticated : t.loading}</p>;
}
