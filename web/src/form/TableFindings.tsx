/** What has been found wrong in a table, in words below it. The cells point here. */
import { useSyncExternalStore } from "react";
import { scalarText } from "../lib/numbers.ts";
import { lettersOfLine } from "../text/written.ts";
import type { Finding } from "../lib/api.ts";
import { FindingWords } from "../parts/FindingWords.tsx";
import { useT } from "../texts/index.tsx";
import { useFormEnv } from "./env.ts";
import { fieldId } from "./jump.ts";
import { columnsOf, rowsOf, type Table } from "./table-ops.ts";

/** The name of a column for people: its heading, or its place. */
export function columnName(table: Table, c: number, fallback: string): string {
  return lettersOfLine(scalarText(columnsOf(table)[c]?.["title"])) || fallback;
}

export function TableFindings({ pointer, table }: { pointer: string; table: Table }) {
  const t = useT();
  const env = useFormEnv();
  // The count changes whenever the findings do.
  const within = useSyncExternalStore(env.findings.subscribe, () => env.findings.listWithin(pointer));
  const groups: { at: string; name: string; findings: readonly Finding[] }[] = [];
  const push = (at: string, name: string) => {
    const findings = env.findings.at(at);
    if (findings.length > 0) groups.push({ at, name, findings });
  };
  if (within.length === 0) return null;
  columnsOf(table).forEach((_, c) => {
    const name = columnName(table, c, t.table.column(c + 1));
    push(`${pointer}/columns/${c}`, name);
    push(`${pointer}/columns/${c}/title`, name);
  });
  rowsOf(table).forEach((row, r) => {
    push(`${pointer}/rows/${r}`, t.table.row(r + 1));
    const count = Array.isArray(row["cells"]) ? row["cells"].length : 0;
    for (let c = 0; c < count; c++) {
      push(`${pointer}/rows/${r}/cells/${c}`, t.table.cell(r + 1, columnName(table, c, t.table.column(c + 1))));
    }
  });
  if (groups.length === 0) return null;
  return (
    <dl className="table-findings">
      {groups.map(({ at, name, findings }) => (
        <div key={at}>
          <dt>{name}</dt>
          <dd>
            <FindingWords findings={findings} id={fieldId(at) + "--findings"} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
