/** Where a document begins: its kind, from a template or from nothing, or a file. */
import { documentDraft } from "../lib/draft.ts";
import { useService } from "../lib/service.tsx";
import { FileButton } from "../parts/FileButton.tsx";
import { LeftDrafts } from "../parts/LeftDrafts.tsx";
import { Waiting } from "../parts/Waiting.tsx";
import { useLanguage } from "../texts/index.tsx";

interface Props {
  loading: boolean;
  onOpen: (file: File) => void;
  onStart: (kind: string, from: "example" | "empty") => void;
}

export function DocumentStart({ loading, onOpen, onStart }: Props) {
  const { t, lang } = useLanguage();
  const { kinds } = useService();
  return (
    <div className="start">
      <h1>{t.documentTitle}</h1>
      <p className="lead">{t.documentLead}</p>
      {kinds === null || loading ? (
        <Waiting />
      ) : (
        <>
          <ul className="kinds">
            {kinds.map((kind) => {
              const [name, about] = lang === "en" ? [kind.title_en, kind.help_en] : [kind.title_sv, kind.help_sv];
              return (
                <li key={kind.name}>
                  <div>
                    <h2>{name}</h2>
                    {about && <p>{about}</p>}
                  </div>
                  <div className="kind-buttons">
                    <button type="button" onClick={() => onStart(kind.name, "example")}>
                      {t.fromExample}
                      <span className="visually-hidden">: {name}</span>
                    </button>
                    <button type="button" className="quiet" onClick={() => onStart(kind.name, "empty")}>
                      {t.fromEmpty}
                      <span className="visually-hidden">: {name}</span>
                    </button>
                  </div>
                </li>
              );
            })}
          </ul>
          <p>
            <FileButton accept=".json,.zip,application/json,application/zip" onFiles={(files) => files[0] && onOpen(files[0])} icon="open">
              {t.openSaved}
            </FileButton>
          </p>
          <LeftDrafts draft={documentDraft} />
        </>
      )}
    </div>
  );
}
