/** What the check of a PDF found, in words. */
import type { ReactNode } from "react";
import type { SignatureReport, Verified } from "../lib/api.ts";
import { Icon } from "../parts/Icon.tsx";
import { useLanguage, type Lang } from "../texts/index.tsx";
import type { Texts } from "../texts/sv.ts";

type Verdict = "good" | "error" | "warning";

const verdictOf = (indication: SignatureReport["indication"]): Verdict =>
  indication === "TOTAL-PASSED" ? "good" : indication === "TOTAL-FAILED" ? "error" : "warning";
const ICONS = { good: "check", error: "remove", warning: "question" } as const;

function dateText(value: string | null | undefined, lang: Lang, withTime = true): string {
  if (!value) return "";
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return value;
  return new Intl.DateTimeFormat(lang === "en" ? "en-GB" : "sv-SE", {
    dateStyle: "long",
    ...(withTime ? { timeStyle: "medium" as const } : {}),
  }).format(date);
}

function summary(signatures: readonly SignatureReport[], t: Texts): { verdict: Verdict; text: string } {
  const verdicts = signatures.map((s) => verdictOf(s.indication));
  if (verdicts.length === 0) return { verdict: "warning", text: t.verify.summaryNone };
  if (verdicts.includes("error")) return { verdict: "error", text: t.verify.summaryFailed };
  if (verdicts.includes("warning")) return { verdict: "warning", text: t.verify.summaryUndecided };
  return { verdict: "good", text: t.verify.summaryPassed };
}

export function VerifyReport({ name, result }: { name: string; result: Verified }) {
  const { t, lang } = useLanguage();
  const { report, conformance } = result;
  const { verdict, text } = summary(report.signatures, t);
  return (
    <div className="report">
      <div className={"notice verdict " + verdict} role="status">
        <Icon name={ICONS[verdict]} />
        <p>
          <strong>{text}</strong>
          <span className="report-file">{name}</span>
        </p>
      </div>
      {report.signatures.length > 0 && (
        <section aria-labelledby="signatures-title">
          <h2 id="signatures-title">{t.verify.signatures}</h2>
          {report.signatures.map((signature, i) => (
            <SignatureCard key={i} signature={signature} />
          ))}
        </section>
      )}
      {report.unsigned_fields.length > 0 && (
        <section aria-labelledby="unsigned-title">
          <h2 id="unsigned-title">{t.verify.unsigned}</h2>
          <p>{report.unsigned_fields.join(", ")}</p>
        </section>
      )}
      <section aria-labelledby="conformance-title">
        <h2 id="conformance-title">{t.verify.conformance}</h2>
        <dl className="facts">
          <Fact name={t.verify.archival}>
            <Outcome passed={conformance.archival} yes={t.verify.claimsYes} no={t.verify.claimsNo} />
          </Fact>
          <Fact name={t.verify.accessible}>
            <Outcome passed={conformance.accessible} yes={t.verify.claimsYes} no={t.verify.claimsNo} />
          </Fact>
        </dl>
        {conformance.checks.length > 0 && (
          <div className="checks-scroll" tabIndex={0} role="region" aria-labelledby="conformance-title">
            <table className="checks">
              <thead>
                <tr>
                  <th scope="col">{t.verify.outcome}</th>
                  <th scope="col">{t.verify.check}</th>
                  <th scope="col">{t.verify.clause}</th>
                </tr>
              </thead>
              <tbody>
                {[...conformance.checks]
                  .sort((a, b) => Number(a.passed) - Number(b.passed))
                  .map((check, i) => (
                    <tr key={i}>
                      <td>
                        <Outcome passed={check.passed} yes={t.verify.passed} no={t.verify.notPassed} />
                      </td>
                      <td>{lang === "en" ? check.en : check.sv}</td>
                      <td>{check.clause}</td>
                    </tr>
                  ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
      <section aria-labelledby="file-title">
        <h2 id="file-title">{t.verify.file}</h2>
        <dl className="facts">
          <Fact name={t.verify.sha}>
            <code>{report.file_sha256}</code>
          </Fact>
          <Fact name={t.verify.time}>{dateText(report.time, lang)}</Fact>
        </dl>
      </section>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (children === "" || children === null || children === undefined) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Outcome({ passed, yes, no }: { passed: boolean; yes: string; no: string }) {
  return (
    <span className={"outcome " + (passed ? "good" : "error")}>
      <Icon name={passed ? "check" : "remove"} />
      {passed ? yes : no}
    </span>
  );
}

function SignatureCard({ signature: s }: { signature: SignatureReport }) {
  const { t, lang } = useLanguage();
  const verdict = verdictOf(s.indication);
  const word = verdict === "good" ? t.verify.valid : verdict === "error" ? t.verify.invalid : t.verify.undecided;
  const who = s.signatory?.name || (s.is_timestamp ? t.verify.timestamp : t.verify.unknown);
  const notes = s.notes.map((note) => (lang === "en" ? note.en : note.sv));
  const changes = s.later_changes.map((change) => (lang === "en" ? change.en : change.sv));
  const sub = s.sub_indication;
  return (
    <article className={"signature " + verdict}>
      <h3>
        <span className={"outcome " + verdict}>
          <Icon name={ICONS[verdict]} />
          {word}
        </span>
        <span>{who}</span>
      </h3>
      <dl className="facts">
        {sub && (
          <Fact name={t.verify.reasonCode}>
            <>
              {t.verify.subs[sub]} <span className="code">({sub})</span>
            </>
          </Fact>
        )}
        {notes.length > 0 && (
          <Fact name={t.verify.notes}>
            <ul className="plain">
              {notes.map((note, i) => (
                <li key={i}>{note.charAt(0).toUpperCase() + note.slice(1)}</li>
              ))}
            </ul>
          </Fact>
        )}
        <Fact name={t.verify.organisation}>{s.signatory?.organisation ?? ""}</Fact>
        <Fact name={t.verify.when}>{dateText(s.proven_time, lang)}</Fact>
        <Fact name={t.verify.claimed}>{dateText(s.claimed_time, lang)}</Fact>
        <Fact name={t.verify.level}>{s.level ? `PAdES ${s.level}` : ""}</Fact>
        <Fact name={t.verify.reason}>{s.reason ?? ""}</Fact>
        <Fact name={t.verify.location}>{s.location ?? ""}</Fact>
        <Fact name={t.verify.covers}>{s.covers_file ? t.verify.coversAll : t.verify.coversPart}</Fact>
        <Fact name={t.verify.changes}>{changes.length > 0 ? changes.join("; ") : t.verify.noChanges}</Fact>
        <Fact name={t.verify.issuer}>{s.signatory?.issuer ?? ""}</Fact>
        <Fact name={t.verify.certificate}>
          {s.signatory ? `${dateText(s.signatory.not_before, lang, false)} – ${dateText(s.signatory.not_after, lang, false)}` : ""}
        </Fact>
        <Fact name={t.verify.field}>{s.field}</Fact>
      </dl>
    </article>
  );
}
