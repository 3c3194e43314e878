/** View 1: a document's form with its preview beside it. */
import { useCallback, useEffect, useState } from "react";
import { isObject, parseJson, type JsonObject } from "../lib/json.ts";
import { scalarText } from "../lib/numbers.ts";
import { documentDraft, useDraft } from "../lib/draft.ts";
import { emptyOf, exampleOf, kindForm, type KindForm } from "../form/kind-form.ts";
import { useService } from "../lib/service.tsx";
import { announce } from "../parts/announce.tsx";
import { DropZone } from "../parts/DropZone.tsx";
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
        const next = from === "example" ? await exampleOf(name) : emptyOf(name, service.profiles[0]?.name);
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
      let next: JsonObject;
      try {
        const value = parseJson(await file.text());
        if (!isObject(value)) return setNotice(t.notJson(file.name, t.notObject));
        next = value;
      } catch (error) {
        return setNotice(t.notJson(file.name, (error as Error).message));
      }
      const name = scalarText(next["kind"]);
      if (!service.kinds?.some((k) => k.name === name)) return setNotice(t.notJson(file.name, t.unknownKind(name)));
      documentDraft.replace(next, new Map(), file.name);
      announce(t.opened(file.name));
    },
    [service.kinds, t],
  );

  const onDrop = (files: File[]) => {
    const json = files.find((file) => /\.json$/i.test(file.name));
    if (json) void open(json);
    // Pictures are taken under the name that the model may use.
    for (const file of files) if (/\.(png|jpe?g|svg|gif|webp)$/i.test(file.name)) documentDraft.setFile(pictureName(file.name), file);
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
        <DocumentEditor form={form} onOpen={(file) => void open(file)} onStart={(name, from) => void start(name, from)} dirty={dirty} />
      ) : (
        <DocumentStart loading={model !== null} onOpen={(file) => void open(file)} onStart={(name, from) => void start(name, from)} />
      )}
    </DropZone>
  );
}
