/** A field with its label, its help and its findings, tied together for those who do not see them. */
import type { ReactNode } from "react";
import { FindingWords } from "../parts/FindingWords.tsx";
import { useFindings } from "../lib/store.ts";
import { useT } from "../texts/index.tsx";
import { useFormEnv } from "./env.ts";
import { fieldId } from "./jump.ts";

export interface Aria {
  id: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
}

interface Props {
  pointer: string;
  label: string;
  hideLabel?: boolean;
  help?: string;
  required?: boolean;
  wide?: boolean;
  /** For a box to tick, the label stands after it. */
  after?: boolean;
  children: (aria: Aria) => ReactNode;
}

export function Labelled({ pointer, label, hideLabel, help, required, wide, after, children }: Props) {
  const t = useT();
  const env = useFormEnv();
  const findings = useFindings(env.findings, pointer);
  const id = fieldId(pointer);
  const described = [help ? id + "--help" : "", findings.length > 0 ? id + "--findings" : ""].filter(Boolean).join(" ");
  const aria: Aria = {
    id,
    ...(described ? { "aria-describedby": described } : {}),
    ...(findings.some((f) => f.severity === "error") ? { "aria-invalid": true as const } : {}),
  };
  const labelElement = (
    <label htmlFor={id} className={hideLabel ? "visually-hidden" : undefined}>
      {label}
      {required && <span className="required">{t.required}</span>}
    </label>
  );
  return (
    <div className={"field" + (wide ? " wide" : "") + (after ? " tick" : "")}>
      {after ? (
        <div className="tick-line">
          {children(aria)}
          {labelElement}
        </div>
      ) : (
        <>
          {labelElement}
          {children(aria)}
        </>
      )}
      {help && (
        <p className="help" id={id + "--help"}>
          {help}
        </p>
      )}
      {findings.length > 0 && <FindingWords findings={findings} id={id + "--findings"} />}
    </div>
  );
}
