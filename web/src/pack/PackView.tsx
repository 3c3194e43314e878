/** View 2: a kallelse with all its documents, gathered in one PDF. */
import { useEffect, useState } from "react";
import type { JsonObject } from "../lib/json.ts";
import { openModel } from "../lib/opening.ts";
import { NoBundle } from "../lib/bundle.ts";
import { packDraft, useDraft } from "../lib/draft.ts";
import { emptyOf, kindForm, templateOf, type KindForm } from "../form/kind-form.ts";
import { useService } from "../lib/service.tsx";
import { announce } from "../parts/announce.tsx";
import { DropZone } from "../parts/DropZone.tsx";
import { FileButton } from "../parts/FileButton.tsx";
import { LeftDrafts } from "../parts/LeftDrafts.tsx";
import { openingWords } from "../parts/opening-words.ts";
import { ProblemNotice } from "../parts/ProblemNotice.tsx";
import { Waiting } from "../parts/Waiting.tsx";
import { useT } from "../texts/index.tsx";
import { BUILD, packBuild } from "./job.ts";
import { PackEditor } from "./PackEditor.tsx";

const KIND = "kallelse";
const SAVED = ".json,.zip,application/json,application/zip";

export function PackView() {
  const t = useT();
  const service = useService();
  const { model } = useDraft(packDraft);
  const [form, setForm] = useState<KindForm | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [notice, setNotice] = useState<string | null>(null);

  useEffect(() => {
    if (service.kinds === null) return;
    kindForm(KIND).then(setForm, setProblem);
  }, [service.kinds]);

  const begin = (next: JsonObject, files?: ReadonlyMap<string, Blob>, name?: string) => {
    packBuild.reset();
    packDraft.replace(next, files, name ?? null);
    setNotice(null);
    setProblem(null);
  };

  /** Opens a kallelse. Says whether the file was one. */
  const open = async (file: File): Promise<boolean> => {
    try {
      const { model: found, files } = await openModel(file, () => true).catch((error: unknown) => {
        // Documents of the kallelse may lie beside it.
        if (error instanceof NoBundle && error.why === "several models") return openModel(file, (other) => other["kind"] === KIND);
        throw error;
      });
      if (found["kind"] !== KIND) {
        setNotice(t.pack.wrongKind);
        return false;
      }
      if (packDraft.get().dirty && !window.confirm(t.replaceAsk(file.name))) return false;
      begin(found, files, file.name);
      announce(t.opened(file.name));
      return true;
    } catch (error) {
      setNotice(openingWords(error, file.name, t));
      return false;
    }
  };

  const fromExample = () => {
    templateOf(KIND, service.profiles).then((template) => begin(template), setProblem);
  };

  const top = (
    <>
      {notice !== null && (
        <div className="notice error" role="alert">
          <p>{notice}</p>
        </div>
      )}
      {problem !== null && <ProblemNotice error={problem} />}
    </>
  );

  if (model !== null && form !== null) {
    return <PackEditor form={form} model={model} top={top} onOpen={open} onNotice={setNotice} />;
  }
  return (
    <DropZone label={t.dropHere} onFiles={(files) => files[0] && void open(files[0])} className="start">
      <h1>{t.pack.title}</h1>
      <p className="lead">{t.pack.lead}</p>
      {top}
      {form === null ? (
        problem === null && <Waiting />
      ) : (
        <div className="start-buttons">
          <FileButton accept={SAVED} icon="open" className="primary" onFiles={(files) => files[0] && void open(files[0])}>
            {t.openSaved}
          </FileButton>
          <button type="button" onClick={fromExample}>
            {t.fromExample}
          </button>
          <button type="button" className="quiet" onClick={() => begin({ ...emptyOf(KIND, service.profiles[0]?.name), arenden: [] })}>
            {t.fromEmpty}
          </button>
        </div>
      )}
      {form !== null && <LeftDrafts draft={packDraft} beside={[BUILD]} onTaken={() => packBuild.open(true)} />}
    </DropZone>
  );
}
