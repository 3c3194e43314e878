/** For a document that was opened from a pack: the way back, with what has been changed. */
import { documentDraft, packDraft } from "../lib/draft.ts";
import { isObject, writeJson, type JsonObject } from "../lib/json.ts";
import { fromPointer, getAt, type Path } from "../lib/pointer.ts";
import { prune } from "../lib/prune.ts";
import { announce } from "../parts/announce.tsx";
import { useT } from "../texts/index.tsx";

interface Props {
  origin: string;
  model: JsonObject;
  keep: ReadonlySet<string>;
}

export function BackToPack({ origin, model, keep }: Props) {
  const t = useT();
  const pack = packDraft.get();
  if (pack.model === null) return null;
  const inline = origin.startsWith("/arenden/");
  const path: Path = fromPointer(origin).map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  const there = inline ? isObject(getAt(pack.model, path)) : pack.files.has(origin);
  if (!there) return null;
  const back = () => {
    const next = prune(model, keep);
    if (inline) packDraft.change(next, path);
    else packDraft.setFile(origin, new Blob([writeJson(next, 2) + "\n"], { type: "application/json" }));
    documentDraft.saved(documentDraft.get().name ?? "");
    announce(t.backDone);
    location.hash = "#/kallelse";
  };
  return (
    <div className="notice back">
      <p>{t.backLead}</p>
      <button type="button" className="primary" onClick={back}>
        {t.backButton}
      </button>
    </div>
  );
}
