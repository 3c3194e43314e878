import { useEffect, useMemo, useState } from "react";
import type { Finding } from "../lib/api.ts";
import type { JsonObject } from "../lib/json.ts";
import { useService } from "../lib/service.tsx";
import { exampleOf } from "./kind-form.ts";
import { madeUpNumbers, numbersOf, templateFindings } from "./template.ts";

const NONE: readonly string[] = [];

/** What is left of a template in a model. `name` is that of the file it was opened from: a number in one is somebody's own. */
export function useTemplateFindings(kind: string, model: JsonObject | null, name: string | null): readonly Finding[] {
  const { profiles } = useService();
  const [made, setMade] = useState(NONE);
  // Only a number can be one that the template made up.
  const wanted = name === null && model !== null && numbersOf(model).length > 0;
  useEffect(() => {
    if (!wanted) return;
    let stopped = false;
    // Without it only the numbers that it made up go unseen, and a service that does not answer makes no document.
    exampleOf(kind).then(
      (example) => {
        if (!stopped) setMade(numbersOf(example));
      },
      () => undefined,
    );
    return () => {
      stopped = true;
    };
  }, [kind, wanted]);
  return useMemo(() => {
    const numbers = name === null ? [...made, ...profiles.map((p) => p.dnr_example ?? "").filter(Boolean)] : NONE;
    return [...templateFindings(model ?? undefined), ...madeUpNumbers(model ?? undefined, numbers)];
  }, [model, made, profiles, name]);
}
