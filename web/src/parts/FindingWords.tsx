import type { Finding } from "../lib/api.ts";
import { useLanguage } from "../texts/index.tsx";

export function messageOf(finding: Finding, lang: "sv" | "en"): string {
  const text = lang === "en" ? finding.message_en : finding.message_sv;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function remedyOf(finding: Finding, lang: "sv" | "en"): string | undefined {
  const text = (lang === "en" ? finding.help_en : finding.help_sv) ?? undefined;
  return text ? text.charAt(0).toUpperCase() + text.slice(1) : undefined;
}

/** Beside a field the first few are enough; the list has all. */
const MOST = 4;

/** Findings in words beside their field. */
export function FindingWords({ findings, id }: { findings: readonly Finding[]; id: string }) {
  const { t, lang } = useLanguage();
  return (
    <ul className="finding-words" id={id}>
      {findings.slice(0, MOST).map((finding, i) => (
        <li key={i} className={finding.severity}>
          <strong>{finding.severity === "error" ? t.error : t.warning}:</strong> {messageOf(finding, lang)}
        </li>
      ))}
      {findings.length > MOST && <li>{t.andMore(findings.length - MOST)}</li>}
    </ul>
  );
}
