/** A field with its label, its help and its findings, tied together for those who do not see them. */
import type { ReactNode } from "react";
import { FindingWords } from "../parts/FindingWords.tsx";
import { useFindings } from "../lib/findings.ts";
import { useT } from "../texts/index.tsx";
import { useFormEnv } from "./env.ts";
import { fieldId } from "./jump.ts";

export interface Aria {
  id: string;
  "aria-describedby"?: string;
  "aria-invalid"?: boolean;
  required?: true;
}

interface Props {
  pointer: string;
  label: string;
  hideLabel?: boolean;
  help?: string;
  /** How it is written, where that is told by example. */
  example?: string;
  required?: boolean;
  wide?: boolean;
  /** For a box to tick, the label stands after it. */
  after?: boolean;
  children: (aria: Aria) => ReactNode;
}

export function Labelled({ pointer, label, hideLabel, help, example, required, wide, after, children }: Props) {
  const t = useT();
  const env = useFormEnv();
  const findings = useFindings(env.findings, pointer);
  const id = fieldId(pointer);
  const described = [help || example ? id + "--help" : "", findings.length > 0 ? id + "--findings" : ""].filter(Boolean).join(" ");
  const aria: Aria = {
    id,
    ...(described ? { "aria-describedby": described } : {}),
    // What is right or wrong is said by the service alone, not by the browser's own look at what is empty.
    ...(required ? { required: true as const, "aria-invalid": false } : {}),
    ...(findings.some((f) => f.severity === "error") ? { "aria-invalid": true } : {}),
  };
  const labelElement = (
    <label htmlFor={id} className={hideLabel ? "visually-hidden" : undefined}>
      {label}
      {required && (
        <span className="required" aria-hidden="true">
          {t.required}
        </span>
      )}
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
      {(help || example) && (
        <p className="help" id={id + "--help"}>
          {help}
          {example && <span className="example"> {t.writtenAs(example)}</span>}
        </p>
      )}
      {findings.length > 0 && <FindingWords findings={findings} id={id + "--findings"} />}
    </div>
  );
}
