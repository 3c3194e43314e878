/** All findings of a document; each leads to its field. */
import { useEffect, useState, type ReactNode } from "react";
import type { Finding } from "../lib/api.ts";
import { useLanguage } from "../texts/index.tsx";
import { messageOf, remedyOf } from "./FindingWords.tsx";
import { Icon } from "./Icon.tsx";

interface Props {
  findings: readonly Finding[];
  busy?: boolean;
  onJump: (finding: Finding) => void;
  /** Where a finding is, in words. */
  place?: (finding: Finding) => string;
  startsOpen?: boolean;
  /** How many are not told until their field was left, and what tells them. */
  waiting?: number;
  onAsk?: () => void;
  /** Another number opens the list. */
  asked?: number;
  /** What can be done about many of them at once. */
  action?: ReactNode;
}

export function Findings({ findings, busy, onJump, place, startsOpen = false, waiting = 0, onAsk, asked = 0, action }: Props) {
  const { t, lang } = useLanguage();
  const [open, setOpen] = useState(startsOpen);
  useEffect(() => {
    if (asked > 0) setOpen(true);
  }, [asked]);
  const errors = findings.filter((f) => f.severity === "error").length;
  const warnings = findings.length - errors;
  const sorted = [...findings].sort((a, b) => (a.severity === b.severity ? 0 : a.severity === "error" ? -1 : 1));
  return (
    <section className={"findings" + (open ? " open" : "")} aria-label={t.findings}>
      <h2 className="findings-head">
        {findings.length > 0 ? (
          <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
            <Icon name={errors > 0 ? "remove" : "warning"} />
            <span className={errors > 0 ? "error" : "warning"}>{t.findingsCount(errors, warnings)}</span>
            <span className="findings-toggle">{open ? t.findingsHide : t.findingsShow}</span>
          </button>
        ) : waiting > 0 ? (
          <button
            type="button"
            aria-expanded={false}
            onClick={() => {
              setOpen(true);
              onAsk?.();
            }}
          >
            <Icon name="question" />
            <span>{t.findingsWaiting(waiting)}</span>
            <span className="findings-toggle">{t.findingsShow}</span>
          </button>
        ) : (
          <span className="none">
            {!busy && <Icon name="check" />}
            {busy ? t.checking : t.findingsNone}
          </span>
        )}
      </h2>
      {open && findings.length > 0 && action}
      {open && findings.length > 0 && (
        <ol className="findings-list">
          {sorted.map((finding, i) => (
            <li key={i} className={finding.severity}>
              <button type="button" onClick={() => onJump(finding)}>
                <span className="finding-kind">
                  {finding.severity === "error" ? t.error : t.warning}
                </span>
                {place && <span className="finding-place">{place(finding)}</span>}
                <span className="finding-message">{messageOf(finding, lang)}</span>
                {remedyOf(finding, lang) && (
                  <span className="finding-remedy">
                    {t.remedy} {remedyOf(finding, lang)}
                  </span>
                )}
              </button>
            </li>
          ))}
        </ol>
      )}
      <p className="visually-hidden" role="status">
        {busy ? "" : findings.length > 0 ? t.findingsCount(errors, warnings) : waiting > 0 ? t.findingsWaiting(waiting) : t.findingsNone}
      </p>
    </section>
  );
}
