/** View 3: whether the signatures of a PDF hold, and whether it keeps the standards. */
import { useState } from "react";
import { call, postJson, queryText, type Verified } from "../lib/api.ts";
import { download } from "../lib/download.ts";
import { useService } from "../lib/service.tsx";
import { announce } from "../parts/announce.tsx";
import { DropZone } from "../parts/DropZone.tsx";
import { FileButton } from "../parts/FileButton.tsx";
import { ProblemNotice } from "../parts/ProblemNotice.tsx";
import { useT } from "../texts/index.tsx";
import { VerifyReport } from "./VerifyReport.tsx";

interface Done {
  file: File;
  result: Verified;
}

/** Kept while other views are shown. */
let last: Done | null = null;

export function VerifyView() {
  const t = useT();
  const { profiles } = useService();
  const [done, setDoneState] = useState<Done | null>(last);
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [notice, setNotice] = useState<string | null>(null);
  const setDone = (next: Done | null) => {
    last = next;
    setDoneState(next);
  };

  const verify = async (files: readonly File[]) => {
    const [file] = files;
    if (file === undefined) return;
    setNotice(files.length > 1 ? t.verify.oneAtATime(file.name) : null);
    setProblem(null);
    setDone(null);
    const start = await file.slice(0, 1024).text();
    if (!start.includes("%PDF-")) return setNotice(`${t.verify.notPdf} (${file.name})`);
    setBusy(file.name);
    announce(t.verify.checking(file.name));
    try {
      setDone({ file, result: await postJson("/v1/verify", { body: file, type: "application/pdf" }) });
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(null);
    }
  };

  const reportPdf = async () => {
    if (done === null) return;
    setProblem(null);
    try {
      const query = queryText({ profile: profiles[0]?.name });
      const response = await call("/v1/verify" + query, { method: "POST", body: done.file, type: "application/pdf", accept: "application/pdf" });
      download(await response.blob(), done.file.name.replace(/\.pdf$/i, "") + "-kontroll.pdf", "application/pdf");
    } catch (error) {
      setProblem(error);
    }
  };
  const reportJson = () => {
    if (done) download(JSON.stringify(done.result, null, 2) + "\n", done.file.name.replace(/\.pdf$/i, "") + "-kontroll.json", "application/json");
  };

  return (
    <DropZone label={t.dropHere} onFiles={(files) => void verify(files)} className="verify">
      <h1>{t.verify.title}</h1>
      <p className="lead">{t.verify.lead}</p>
      <div className="verify-drop">
        <span>{t.verify.drop} </span>
        <FileButton accept=".pdf,application/pdf" icon="open" className={done ? undefined : "primary"} onFiles={(files) => void verify(files)}>
          {done ? t.verify.another : t.verify.pick}
        </FileButton>
      </div>
      {notice !== null && (
        <div className="notice error" role="alert">
          <p>{notice}</p>
        </div>
      )}
      {problem !== null && <ProblemNotice error={problem} />}
      {busy !== null && <p role="status">{t.verify.checking(busy)}</p>}
      {done && (
        <>
          <VerifyReport name={done.file.name} result={done.result} />
          <div className="verify-buttons">
            <button type="button" onClick={() => void reportPdf()}>
              {t.verify.reportPdf}
            </button>
            <button type="button" className="quiet" onClick={reportJson}>
              {t.verify.reportJson}
            </button>
          </div>
        </>
      )}
    </DropZone>
  );
}
