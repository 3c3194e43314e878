import { useTrouble } from "../lib/kept.ts";
import { useT } from "../texts/index.tsx";

/** Says when the browser could not keep what is being written: then only saving it as a file does. */
export function Trouble() {
  const t = useT();
  if (!useTrouble()) return null;
  return (
    <div className="banner">
      <div className="notice error" role="alert">
        <p>
          <strong>{t.kept.full}</strong> {t.kept.fullRemedy}
        </p>
      </div>
    </div>
  );
}
