import { IconButton } from "../parts/Icon.tsx";
import { useT } from "../texts/index.tsx";

/** Back and forth through what was changed. */
export function UndoButtons({ canUndo, canRedo, onStep }: { canUndo: boolean; canRedo: boolean; onStep: (way: "undo" | "redo") => void }) {
  const t = useT();
  return (
    <span className="undo" role="group" aria-label={t.undo.group}>
      <IconButton name="undo" label={t.undo.undo} disabled={!canUndo} onClick={() => onStep("undo")} />
      <IconButton name="redo" label={t.undo.redo} disabled={!canRedo} onClick={() => onStep("redo")} />
    </span>
  );
}
