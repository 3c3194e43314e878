/** The form, its findings and the preview of one document. */
import { useEffect, useMemo, useState } from "react";
import { FormPane } from "../form/FormPane.tsx";
import { ClearTemplate } from "../form/ClearTemplate.tsx";
import { faultFindings } from "../form/fault-findings.ts";
import { jumpTo } from "../form/jump.ts";
import { plainWords } from "../form/plain-words.ts";
import { cleared } from "../form/template.ts";
import { useTemplateFindings } from "../form/useTemplateFindings.ts";
import { useUndo } from "../form/undo.ts";
import { RemovedNotice } from "../form/RemovedNotice.tsx";
import { UndoButtons } from "../form/UndoButtons.tsx";
import type { Finding } from "../lib/api.ts";
import { download, slug } from "../lib/download.ts";
import { documentDraft, useDraft } from "../lib/draft.ts";
import { scalarText } from "../lib/numbers.ts";
import { saveModel } from "../lib/saving.ts";
import type { KindForm } from "../form/kind-form.ts";
import { useService } from "../lib/service.tsx";
import { FindingStore, useTold, useWaiting } from "../lib/findings.ts";
import { OpenStore } from "../lib/store.ts";
import { lettersOfLine } from "../text/written.ts";
import { announce } from "../parts/announce.tsx";
import { FileButton } from "../parts/FileButton.tsx";
import { Findings } from "../parts/Findings.tsx";
import { Icon } from "../parts/Icon.tsx";
import { ProblemNotice } from "../parts/ProblemNotice.tsx";
import { Preview } from "../preview/Preview.tsx";
import { useLanguage } from "../texts/index.tsx";
import { BackToPack } from "./BackToPack.tsx";
import { useRender } from "./useRender.ts";

interface Props {
  form: KindForm;
  dirty: boolean;
  onOpen: (file: File) => void;
  onNotice: (text: string | null) => void;
  onStart: (kind: string, from: "example" | "empty") => void;
}

const open = new OpenStore();

export function DocumentEditor({ form, dirty, onOpen, onNotice, onStart }: Props) {
  const { t, lang } = useLanguage();
  const service = useService();
  const { model, files, name, origin, generation, canUndo, canRedo } = useDraft(documentDraft);
  const [standard, setStandard] = useState("a-2a+ua-1");
  const [tab, setTab] = useState<"form" | "preview">("form");
  const findings = useMemo(() => new FindingStore(), []);
  const result = useRender(model, files, standard, form.keep, generation, service.signIns);

  const template = useTemplateFindings(form.kind, model, name);
  const plain = useMemo(() => plainWords(form.schema), [form]);
  const faults = useMemo(() => faultFindings(model ?? undefined), [model]);
  useEffect(() => findings.set([...template, ...faults, ...result.findings.map(plain)]), [findings, template, faults, result.findings, plain]);
  useEffect(() => findings.begin(name === null && origin === null), [findings, generation]);
  const told = useTold(findings);
  const waiting = useWaiting(findings);
  const [asked, setAsked] = useState(0);
  useEffect(() => open.clear(), [generation]);
  const step = useUndo(documentDraft, open);

  if (model === null) return null;
  const profile = scalarText(model["profile"]);
  const dnrExample = service.profiles.find((p) => p.name === profile)?.dnr_example ?? null;
  const kindTitle = (kind: string) => {
    const found = service.kinds?.find((k) => k.name === kind);
    return found ? (lang === "en" ? found.title_en : found.title_sv) : kind;
  };
  const save = () => {
    void saveModel(model, form.keep, files, name ?? slug(lettersOfLine(scalarText(model["title"])) || form.kind), `${form.kind}.json`).then(
      (saved) => {
        documentDraft.saved(saved);
        announce(t.saved(saved));
      },
      () => onNotice(t.notSaved),
    );
  };
  const ask = () => {
    findings.ask();
    setAsked((n) => n + 1);
  };
  const fetchPdf = () => {
    if (template.length > 0 || result.pdf === null || result.stale) {
      ask();
      announce(template.length > 0 ? t.template.blocked(template.length) : t.previewErrors);
      return;
    }
    download(result.pdf.slice(), result.fileName || `${slug(lettersOfLine(scalarText(model["title"])))}.pdf`, "application/pdf");
  };
  const clearTemplate = () => {
    documentDraft.change(cleared(model, template), []);
    announce(t.template.cleared);
  };
  const errors = told.some((f) => f.severity === "error") || result.findings.some((f) => f.severity === "error");
  const askFirst = () => !dirty || window.confirm(t.startAgainAsk);
  const jump = (finding: Finding) => {
    setTab("form");
    requestAnimationFrame(() => jumpTo(finding.pointer, open));
  };

  return (
    <div className={"editor show-" + tab}>
      <div className="toolbar">
        <h1>{kindTitle(form.kind)}</h1>
        <div className="toolbar-fields">
          <label>
            <span>{t.kind}</span>
            <select value={form.kind} onChange={(event) => askFirst() && onStart(event.target.value, "example")}>
              {(service.kinds ?? []).map((kind) => (
                <option key={kind.name} value={kind.name}>
                  {kindTitle(kind.name)}
                </option>
              ))}
            </select>
          </label>
          <label>
            <span>{t.profile}</span>
            <select
              id="f/profile"
              value={profile}
              onChange={(event) => documentDraft.change(event.target.value === "" ? undefined : event.target.value, ["profile"])}
            >
              <option value="">{t.profileFromDocument}</option>
              {service.profiles.map((p) => (
                <option key={p.name} value={p.name}>
                  {p.title}
                </option>
              ))}
              {profile !== "" && !service.profiles.some((p) => p.name === profile) && <option value={profile}>{profile}</option>}
            </select>
          </label>
          <label className="toolbar-standard">
            <span>{t.standard}</span>
            <select value={standard} onChange={(event) => setStandard(event.target.value)}>
              {Object.entries(t.standards).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          </label>
        </div>
        <div className="toolbar-buttons">
          <UndoButtons canUndo={canUndo} canRedo={canRedo} onStep={step} />
          <button type="button" className="quiet" onClick={() => askFirst() && documentDraft.replace(null)}>
            {t.startAgain}
          </button>
          <FileButton accept=".json,.zip,application/json,application/zip" onFiles={(chosen) => chosen[0] && onOpen(chosen[0])} icon="open">
            {t.openFile}
          </FileButton>
          <button type="button" onClick={save} title={t.saveFileHelp}>
            <Icon name="save" />
            {t.saveFile}
          </button>
          <button
            type="button"
            className="primary"
            disabled={!errors && (result.pdf === null || result.stale || result.busy)}
            onClick={fetchPdf}
          >
            {t.getPdf}
          </button>
        </div>
      </div>
      <div className="tabs" role="group" aria-label={t.viewTabs}>
        <button type="button" aria-pressed={tab === "form"} onClick={() => setTab("form")}>
          {t.formTab}
        </button>
        <button type="button" aria-pressed={tab === "preview"} onClick={() => setTab("preview")}>
          {t.previewTab}
        </button>
      </div>
      <RemovedNotice draft={documentDraft} onUndo={() => step("undo")} />
      <div className="panes">
        <section className="form-pane" aria-label={t.formLabel}>
          <div className="form-scroll">
            {origin !== null && <BackToPack origin={origin} model={model} keep={form.keep} />}
            {result.problem !== null && <ProblemNotice error={result.problem} onRetry={result.again} />}
            <FormPane form={form} model={model} files={files} findings={findings} open={open} onChange={documentDraft.change} onFile={documentDraft.setFile} dnrExample={dnrExample} />
          </div>
          <Findings
            findings={told}
            waiting={waiting}
            onAsk={ask}
            asked={asked}
            busy={result.busy && result.pdf === null}
            onJump={jump}
            action={template.length > 0 && <ClearTemplate count={template.length} onClear={clearTemplate} />}
          />
        </section>
        <Preview pdf={result.pdf} stale={result.stale} busy={result.busy} errors={told.some((f) => f.severity === "error")} />
      </div>
    </div>
  );
}
