/** A kallelse being gathered: its details, its items and files, and the making of the PDF. */
import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { FormEnvProvider, type FormEnv } from "../form/env.ts";
import { FormPane } from "../form/FormPane.tsx";
import { ClearTemplate } from "../form/ClearTemplate.tsx";
import { faultFindings } from "../form/fault-findings.ts";
import { jumpTo, MEETING } from "../form/jump.ts";
import { plainWords } from "../form/plain-words.ts";
import { cleared, templateFindings } from "../form/template.ts";
import { useTemplateFindings } from "../form/useTemplateFindings.ts";
import { watching } from "../form/watching.ts";
import type { Schema } from "../form/schema.ts";
import { useUndo } from "../form/undo.ts";
import { RemovedNotice } from "../form/RemovedNotice.tsx";
import { UndoButtons } from "../form/UndoButtons.tsx";
import type { Finding, PackOptions } from "../lib/api.ts";
import { slug } from "../lib/download.ts";
import { documentDraft, packDraft, useDraft } from "../lib/draft.ts";
import { isObject, writeJson, type Json, type JsonObject } from "../lib/json.ts";
import { scalarText } from "../lib/numbers.ts";
import { prune } from "../lib/prune.ts";
import { saveModel } from "../lib/saving.ts";
import type { KindForm } from "../form/kind-form.ts";
import { useService } from "../lib/service.tsx";
import { FindingStore, useTold, useWaiting } from "../lib/findings.ts";
import { OpenStore } from "../lib/store.ts";
import { lettersOfLine } from "../text/written.ts";
import { announce } from "../parts/announce.tsx";
import { DropZone } from "../parts/DropZone.tsx";
import { FileButton } from "../parts/FileButton.tsx";
import { Findings } from "../parts/Findings.tsx";
import { Fold } from "../form/Fold.tsx";
import { Icon } from "../parts/Icon.tsx";
import { useT } from "../texts/index.tsx";
import { Agenda } from "./Agenda.tsx";
import { BuildPanel } from "./BuildPanel.tsx";
import { PackProvider, type Pack } from "./context.ts";
import { FilesPanel } from "./FilesPanel.tsx";
import { asChosen, packBuild, useBuild } from "./job.ts";
import { documentsOf, fileOf, freePath, itemsOf, reportFiles, neededFiles, numberOf, resolvePath, whereNamed } from "./model.ts";
import { nameOfDocument } from "./DocumentRow.tsx";
import { usePackFiles } from "./usePackFiles.ts";
import { useCheck } from "./useCheck.ts";
import { useReports } from "./useReports.ts";

interface Props {
  form: KindForm;
  model: JsonObject;
  top: ReactNode;
  onOpen: (file: File) => Promise<boolean>;
  onNotice: (text: string | null) => void;
}

const open = new OpenStore();
const ELSEWHERE = { arenden: () => null };

/** What is left of templates in the documents that a kallelse names. */
function templatesInFiles(model: JsonObject, reports: ReadonlyMap<string, Json>): Finding[] {
  const named = new Set(itemsOf(model).flatMap((item) => documentsOf(item).map((doc) => resolvePath("", fileOf(doc)))));
  return [...reports].filter(([path]) => named.has(path)).flatMap(([path, report]) => templateFindings(report, path));
}

/** What spreadsheets could not compute, in the kallelse and in the documents that it names. */
function faultsOf(model: JsonObject, reports: ReadonlyMap<string, Json>): Finding[] {
  return [...faultFindings(model), ...[...reports].flatMap(([path, report]) => faultFindings(report, path))];
}

export function PackEditor({ form, model, top, onOpen, onNotice }: Props) {
  const t = useT();
  const service = useService();
  const { files, name, dirty, generation, revision, canUndo, canRedo } = useDraft(packDraft);
  const reports = useReports(files);
  const build = useBuild();
  const findings = useMemo(() => new FindingStore(), []);
  const checked = useCheck(model, form.keep, service.signIns);
  const shownGeneration = useRef(generation);

  const needed = useMemo(() => neededFiles(model, reports), [model, reports]);
  const missing = needed.filter((path) => !files.has(path));
  const { addTo, addAll } = usePackFiles(model, missing, onOpen, onNotice);

  // What the making found holds until the kallelse changes; then what checking it finds.
  const current = build.job !== null && build.revision === revision && build.phase === "ended";
  const all = current ? (build.job?.findings ?? []) : checked;
  const ownTemplate = useTemplateFindings(form.kind, model, name);
  const template = useMemo(() => [...ownTemplate, ...templatesInFiles(model, reports)], [ownTemplate, model, reports]);
  const plain = useMemo(() => plainWords(form.schema), [form]);
  const placed = useMemo(
    () =>
      [...template, ...faultsOf(model, reports), ...all.map(plain)].map((finding) => {
        if (!finding.file) return finding;
        const file = resolvePath("", finding.file);
        return { ...finding, file, pointer: whereNamed(model, file, reports) ?? "" };
      }),
    [template, plain, all, model, reports],
  );
  useEffect(() => findings.set(placed), [findings, placed]);
  useEffect(() => findings.begin(name === null), [findings, generation]);
  const told = useTold(findings);
  const waiting = useWaiting(findings);
  const [asked, setAsked] = useState(0);
  const ask = () => {
    findings.ask();
    setAsked((n) => n + 1);
  };
  useEffect(() => {
    if (shownGeneration.current !== generation) open.clear();
    shownGeneration.current = generation;
  }, [generation]);

  const dnrExample = service.profiles.find((p) => p.name === scalarText(model["profile"]))?.dnr_example ?? null;
  const env = useMemo<FormEnv>(
    () => ({ findings, open, files, setFile: packDraft.setFile, dnrExample, defs: (form.schema.$defs ?? {}) as Record<string, Schema> }),
    [findings, files, form, dnrExample],
  );
  const openReport = (doc: JsonObject, pointer: string) => {
    const path = isObject(doc["dokument"]) ? "" : resolvePath("", fileOf(doc));
    const report = isObject(doc["dokument"]) ? doc["dokument"] : reports.get(path);
    if (!isObject(report)) return;
    if (documentDraft.get().dirty && !window.confirm(t.replaceAsk(nameOfDocument(doc, reports, "")))) return;
    documentDraft.replace(report, reportFiles(files, path), path === "" ? null : (path.split("/").pop() ?? null), path === "" ? pointer : path);
    location.hash = "#/dokument";
  };
  const pack: Pack = { form, model, files, reports, change: packDraft.change, addTo, openReport };

  const title = lettersOfLine(scalarText(model["title"]));
  const save = () => {
    void saveModel(model, form.keep, files, name ?? slug(title || "kallelse"), "kallelse.json").then((saved) => {
      packDraft.saved(saved);
      announce(t.pack.saved);
    }, onNoSave);
  };
  const clearTemplate = () => {
    packDraft.change(cleared(model, ownTemplate), []);
    announce(t.template.cleared);
  };
  const onNoSave = () => onNotice(t.notSaved);
  const step = useUndo(packDraft, open);
  const start = () => {
    const { options: chosen, sent } = packBuild.get().choice;
    const { edition } = chosen;
    ask();
    if (edition === null) return;
    if (template.length > 0) return announce(t.template.blocked(template.length));
    const options = { ...chosen, edition };
    const body = new FormData();
    body.append("meeting", new Blob([writeJson(prune(model, form.keep))], { type: "application/json" }), freePath("kallelse.json", needed));
    body.append("options", JSON.stringify({ ...options, profile: null, reserve: "digital" } satisfies PackOptions));
    for (const path of needed) {
      const file = files.get(path);
      if (file) body.append("file", file, path);
    }
    if (sent) body.append("sent", sent, sent.name);
    void packBuild.start(body, revision);
  };
  const itemName = (index: number) => {
    const item = itemsOf(model)[index];
    return item ? t.pack.item(numberOf(item, index)) : "";
  };
  const place = (finding: Finding) => {
    const match = /^\/arenden\/(\d+)/.exec(finding.pointer);
    return [match ? itemName(Number(match[1])) : t.pack.title, finding.file ?? ""].filter(Boolean).join(", ");
  };
  const again = () => {
    if (dirty && !window.confirm(t.startAgainAsk)) return;
    packBuild.reset();
    packDraft.replace(null);
  };

  const filesPanel = <FilesPanel needed={needed} missing={missing} onAdd={addAll} />;
  return (
    <DropZone label={t.dropHere} onFiles={addAll} className="pack">
      <div className="pack-head">
        <div>
          <h1>{title || t.pack.title}</h1>
          <p className="item-line">
            {[scalarText(model["organ"]), scalarText(isObject(model["sammantrade"]) ? model["sammantrade"]["date"] : undefined)].filter(Boolean).join(" · ")}
          </p>
        </div>
        <div className="toolbar-buttons">
          <UndoButtons canUndo={canUndo} canRedo={canRedo} onStep={step} />
          <button type="button" className="quiet" onClick={again}>
            {t.startAgain}
          </button>
          <FileButton accept=".json,.zip,application/json,application/zip" icon="open" onFiles={(chosen) => chosen[0] && void onOpen(chosen[0])}>
            {t.openFile}
          </FileButton>
          <button type="button" onClick={save} title={t.pack.saveHelp}>
            <Icon name="save" />
            {t.saveFile}
          </button>
        </div>
      </div>
      {top}
      <RemovedNotice draft={packDraft} onUndo={() => step("undo")} />
      <FormEnvProvider value={env}>
        <PackProvider value={pack}>
          <div className="pack-columns">
            <div className="pack-main">
              <Fold pointer={MEETING} title={t.pack.meeting} note={t.pack.meetingLead} className="meeting">
                {() => (
                  <>
                    <div className="field meeting-profile">
                      <label htmlFor="f/profile">{t.profile}</label>
                      <select
                        id="f/profile"
                        value={scalarText(model["profile"])}
                        onChange={(event) => packDraft.change(event.target.value || undefined, ["profile"])}
                      >
                        <option value="">{t.profileFromDocument}</option>
                        {service.profiles.map((p) => (
                          <option key={p.name} value={p.name}>
                            {p.title}
                          </option>
                        ))}
                      </select>
                    </div>
                    <FormPane form={form} model={model} files={files} findings={findings} open={open} onChange={packDraft.change} onFile={packDraft.setFile} dnrExample={dnrExample} editors={ELSEWHERE} />
                  </>
                )}
              </Fold>
              <div {...watching(findings)}>
                <Agenda />
              </div>
            </div>
            <div className="pack-side">
              <BuildPanel changed={!current || !asChosen(build)} onBuild={start} />
              {missing.length > 0 && filesPanel}
              <Findings findings={told} waiting={waiting} asked={asked} onAsk={ask} action={template.length > 0 && <ClearTemplate count={template.length} onClear={clearTemplate} />} onJump={(finding) => jumpTo(finding.pointer, open)} place={place} startsOpen />
              {missing.length === 0 && filesPanel}
            </div>
          </div>
        </PackProvider>
      </FormEnvProvider>
    </DropZone>
  );
}
