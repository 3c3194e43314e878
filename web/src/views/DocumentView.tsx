/** View 1: a document's form with its preview beside it. */
import { useCallback, useEffect, useState } from "react";
import { scalarText } from "../lib/numbers.ts";
import { openModel, otherSort } from "../lib/opening.ts";
import { documentDraft, useDraft } from "../lib/draft.ts";
import { emptyOf, kindForm, templateOf, type KindForm } from "../form/kind-form.ts";
import { useService } from "../lib/service.tsx";
import { announce } from "../parts/announce.tsx";
import { DropZone } from "../parts/DropZone.tsx";
import { openingWords } from "../parts/opening-words.ts";
import { ProblemNotice } from "../parts/ProblemNotice.tsx";
import { warmUp } from "../preview/pdf-view.ts";
import { useT } from "../texts/index.tsx";
import { DocumentEditor } from "./DocumentEditor.tsx";
import { DocumentStart } from "./DocumentStart.tsx";

export function DocumentView() {
  const t = useT();
  const service = useService();
  const { model, dirty } = useDraft(documentDraft);
  const kind = model === null ? null : scalarText(model["kind"]);
  const [form, setForm] = useState<KindForm | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [notice, setNotice] = useState<string | null>(null);

  useEffect(() => warmUp(), []);
  useEffect(() => {
    let stopped = false;
    if (kind === null || service.kinds === null) return;
    kindForm(kind).then(
      (found) => {
        if (stopped) return;
        setForm(found);
        setProblem(null);
      },
      (error: unknown) => {
        if (!stopped) setProblem(error);
      },
    );
    return () => {
      stopped = true;
    };
  }, [kind, service.kinds]);

  const start = useCallback(
    async (name: string, from: "example" | "empty") => {
      setNotice(null);
      try {
        const next = from === "example" ? await templateOf(name, service.profiles) : emptyOf(name, service.profiles[0]?.name);
        setForm(await kindForm(name));
        documentDraft.replace(next);
        setProblem(null);
      } catch (error) {
        setProblem(error);
      }
    },
    [service.profiles],
  );

  const open = useCallback(
    async (file: File) => {
      setNotice(null);
      if (documentDraft.get().dirty && !window.confirm(t.replaceAsk(file.name))) return;
      try {
        const { model: next, files } = await openModel(file, () => true);
        const name = scalarText(next["kind"]);
        if (!service.kinds?.some((k) => k.name === name)) {
          return setNotice(`${t.opening.failed(file.name)} ${name === "" ? t.opening.why["no model"] : t.opening.unknownKind(name)}`);
        }
        documentDraft.replace(next, files, file.name);
        announce(t.opened(file.name));
      } catch (error) {
        setNotice(openingWords(error, file.name, t));
      }
    },
    [service.kinds, t],
  );

  const onDrop = (files: File[]) => {
    const saved = files.find((file) => otherSort(file.name) === null);
    const isPicture = (file: File) => otherSort(file.name) === "picture" && documentDraft.get().model !== null;
    void (async () => {
      if (saved) await open(saved);
      // Pictures are taken under the name that the model may use.
      for (const file of files) if (isPicture(file)) documentDraft.setFile(pictureName(file.name), file);
      const left = files.filter((file) => file !== saved && !isPicture(file) && !file.name.startsWith("."));
      if (left.length > 0) setNotice(left.map((file) => t.opening.other[otherSort(file.name) ?? "other"](file.name)).join(" "));
    })();
  };

  /** A path in the model that ends with this file's name, or the name itself. */
  const pictureName = (name: string): string => {
    const text = JSON.stringify(documentDraft.get().model ?? {});
    const match = new RegExp(`"((?:[^"\\\\]*/)?${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")})"`).exec(text);
    return match?.[1] ?? name;
  };

  const ready = model !== null && form !== null && form.kind === kind;
  return (
    <DropZone label={t.dropHere} onFiles={onDrop} className="document-view">
      {(notice !== null || problem !== null) && (
        <div className="banner">
          {notice !== null && (
            <div className="notice error" role="alert">
              <p>{notice}</p>
            </div>
          )}
          {problem !== null && <ProblemNotice error={problem} />}
        </div>
      )}
      {ready ? (
        <DocumentEditor form={form} onNotice={setNotice} onOpen={(file) => void open(file)} onStart={(name, from) => void start(name, from)} dirty={dirty} />
      ) : (
        <DocumentStart loading={model !== null} onOpen={(file) => void open(file)} onStart={(name, from) => void start(name, from)} />
      )}
    </DropZone>
  );
}
