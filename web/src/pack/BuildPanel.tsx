/** How the pack should be, and the making of it. */
import { useEffect, useId, useState } from "react";
import { call, type Job } from "../lib/api.ts";
import { download } from "../lib/download.ts";
import { useService } from "../lib/service.tsx";
import { FileButton } from "../parts/FileButton.tsx";
import { ProblemNotice } from "../parts/ProblemNotice.tsx";
import { useT } from "../texts/index.tsx";
import type { Texts } from "../texts/sv.ts";
import { packBuild, useBuild, type BuildState } from "./job.ts";
import type { BuildOptions } from "./kept-build.ts";

interface Props {
  changed: boolean;
  onBuild: () => void;
}

export function BuildPanel({ changed, onBuild }: Props) {
  const t = useT();
  const build = useBuild();
  const { options, sent } = build.choice;
  const onOptions = (next: BuildOptions) => packBuild.choose({ options: next });
  const [refused, setRefused] = useState<string | null>(null);
  const onSent = async (file: File | null) => {
    const isPdf = file === null || (await file.slice(0, 1024).text()).includes("%PDF-");
    setRefused(isPdf ? null : file.name);
    if (isPdf) packBuild.choose({ sent: file });
  };
  const id = useId();
  const busy = build.phase === "sending" || build.phase === "working";
  const { signIns } = useService();
  // Who signs in anew goes on following the job.
  useEffect(() => packBuild.resume(), [signIns]);
  const radio = <K extends "edition" | "copy">(name: K, value: BuildOptions[K], label: string) => (
    <label className="radio">
      <input type="radio" name={id + name} checked={options[name] === value} onChange={() => onOptions({ ...options, [name]: value })} />
      {label}
    </label>
  );
  return (
    <section className="build" aria-labelledby={id + "-title"}>
      <h2 id={id + "-title"}>{t.pack.buildSettings}</h2>
      <fieldset>
        <legend>{t.pack.edition}</legend>
        {options.edition === null && <p className="notice warning">{t.pack.editionChoose}</p>}
        {radio("edition", "full", t.pack.editionFull)}
        {radio("edition", "offentlig", t.pack.editionPublic)}
      </fieldset>
      <fieldset>
        <legend>{t.pack.copy}</legend>
        {radio("copy", "archive", t.pack.copyArchive)}
        {radio("copy", "reading", t.pack.copyReading)}
      </fieldset>
      <fieldset>
        <legend>{t.pack.supplement}</legend>
        <p className="help">{t.pack.supplementHelp}</p>
        {sent ? (
          <p className="sent">
            {t.pack.sentChosen(sent.name)}{" "}
            <button type="button" className="quiet" onClick={() => void onSent(null)}>
              {t.pack.sentRemove}
            </button>
          </p>
        ) : (
          <FileButton accept=".pdf,application/pdf" icon="file" className="quiet" onFiles={(files) => void onSent(files[0] ?? null)}>
            {t.pack.sentPick}
          </FileButton>
        )}
        {refused !== null && (
          <p className="notice error" role="alert">
            {t.pack.sentRefused(refused)}
          </p>
        )}
      </fieldset>
      <label className="radio">
        <input type="checkbox" checked={options.keep_going} onChange={(event) => onOptions({ ...options, keep_going: event.target.checked })} />
        {t.pack.keepGoing}
      </label>
      <div className="build-go">
        {busy ? (
          <button type="button" onClick={() => packBuild.cancel()}>
            {t.pack.cancel}
          </button>
        ) : (
          <button type="button" className="primary" disabled={options.edition === null} onClick={onBuild}>
            {t.pack.build}
          </button>
        )}
      </div>
      <BuildProgress build={build} />
      {build.waiting && (
        <p className="notice warning" role="status">
          {t.pack.waiting}
        </p>
      )}
      {build.error !== null && <ProblemNotice error={build.error} onRetry={busy ? packBuild.resume : onBuild} />}
      {build.phase === "ended" && build.job && <BuildEnd job={build.job} changed={changed} />}
    </section>
  );
}

function words(build: BuildState, t: Texts): string {
  if (build.phase === "sending") return t.pack.starting;
  if (build.phase === "cancelled") return t.pack.cancelled;
  const job = build.job;
  if (build.phase === "working" && !job) return t.pack.asking;
  if (build.phase === "working" && job) {
    return job.state === "queued" || job.progress.total === 0
      ? t.pack.queued
      : t.pack.running(Math.min(job.progress.done + 1, job.progress.total), job.progress.total);
  }
  if (job?.state === "done") return t.pack.done(job.result?.pages ?? 0);
  if (job?.state === "cancelled") return t.pack.cancelled;
  return job?.state === "failed" ? t.pack.failed : "";
}

function BuildProgress({ build }: { build: BuildState }) {
  const t = useT();
  const id = useId();
  const text = words(build, t);
  const busy = build.phase === "sending" || build.phase === "working";
  const { done = 0, total = 0 } = build.job?.progress ?? {};
  const percent = total > 0 ? Math.round((100 * done) / total) : 0;
  return (
    <div className="build-progress">
      {busy && (
        <div
          className="progress"
          role="progressbar"
          aria-label={t.pack.progress}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={percent}
          aria-valuetext={text}
        >
          <div className="progress-bar" style={{ width: `${percent}%` }} />
        </div>
      )}
      <p id={id} role="status" className={build.job?.state === "failed" ? "error" : undefined}>
        <strong>{text}</strong>
      </p>
    </div>
  );
}

function BuildEnd({ job, changed }: { job: Job; changed: boolean }) {
  const t = useT();
  const [error, setError] = useState<unknown>(null);
  const get = async (href: string, name: string) => {
    setError(null);
    try {
      const response = await call(href, { accept: "application/pdf" });
      download(await response.blob(), name, "application/pdf");
    } catch (failure) {
      setError(failure);
    }
  };
  const name = job.result?.file_name ?? "kallelse.pdf";
  return (
    <div className="build-end">
      {changed && job.result && <p className="notice warning">{t.pack.again}</p>}
      {job.result && (
        <button type="button" className="primary" onClick={() => job.result && void get(job.result.href, name)}>
          {t.pack.download} ({t.pack.size(job.result.bytes)})
        </button>
      )}
      {job.report && (
        <>
          <button type="button" onClick={() => job.report && void get(job.report.href, name.replace(/\.pdf$/, "") + "-rapport.pdf")}>
            {t.pack.report}
          </button>
          <p className="help">{t.pack.reportFor}</p>
        </>
      )}
      {job.problem?.detail && job.findings.length === 0 && <p className="notice error">{job.problem.detail}</p>}
      {error !== null && <ProblemNotice error={error} />}
    </div>
  );
}
