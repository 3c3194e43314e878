import { useT } from "../texts/index.tsx";

/** Above the findings: all words of the template that are left, and the way to be rid of them at once. */
export function ClearTemplate({ count, onClear }: { count: number; onClear: () => void }) {
  const t = useT();
  return (
    <div className="clear-template">
      <p>{t.template.blocked(count)}</p>
      <button type="button" onClick={onClear}>
        {t.template.clear}
      </button>
    </div>
  );
}
