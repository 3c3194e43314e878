import type { JsonObject } from "../lib/json.ts";
import { scalarText } from "../lib/numbers.ts";
import { useT } from "../texts/index.tsx";

/** What is special about an item or a document, in words. */
export function Marks({ of }: { of: JsonObject }) {
  const t = useT();
  const secret = scalarText(of["sekretess"]);
  const marks = [
    secret !== "" ? `${t.pack.secretMark} ${secret}` : "",
    of["personuppgift"] === true ? t.pack.personalMark : "",
    of["slutet"] === true ? t.pack.closedMark : "",
    of["muntlig"] === true ? t.pack.oralMark : "",
    of["tillagg"] !== undefined ? t.pack.supplementMark(scalarText(of["tillagg"])) : "",
  ].filter(Boolean);
  if (marks.length === 0) return null;
  return (
    <span className="marks">
      {marks.map((mark) => (
        <span key={mark} className="mark">
          {mark}
        </span>
      ))}
    </span>
  );
}
