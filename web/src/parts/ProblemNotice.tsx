import { explain } from "./explain.ts";
import { useT } from "../texts/index.tsx";

/** What went wrong and what to do, told at once to screen readers too. */
export function ProblemNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useT();
  const { title, detail, remedy } = explain(error, t);
  return (
    <div className="notice error" role="alert">
      <p>
        <strong>{title}</strong>
        {detail && <> {detail}</>}
      </p>
      <p>{remedy}</p>
      {onRetry && (
        <button type="button" onClick={onRetry}>
          {t.retry}
        </button>
      )}
    </div>
  );
}
