/** What was just removed, with the way to have it back; gone at the next change. */
import { useEffect, useState } from "react";
import { useDraft, type Draft } from "../lib/draft.ts";
import { useRemoval, type Removal } from "../parts/announce.tsx";
import { useT } from "../texts/index.tsx";

export function RemovedNotice({ draft, onUndo }: { draft: Draft; onUndo: () => void }) {
  const t = useT();
  const removal = useRemoval();
  const { revision } = useDraft(draft);
  const [seen, setSeen] = useState<{ removal: Removal | null; revision: number }>({ removal, revision });
  // By now what was removed is gone from the draft: the revision is that without it.
  useEffect(() => setSeen((now) => (now.removal === removal ? now : { removal, revision: draft.get().revision })), [removal, draft]);
  const [first] = useState(removal);
  if (removal === null || removal === first || seen.removal !== removal || seen.revision !== revision) return null;
  return (
    <div className="removed">
      <span>{removal.text}</span>
      <button type="button" onClick={onUndo}>
        {t.undo.back}
      </button>
    </div>
  );
}
