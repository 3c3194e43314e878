/** The picture file that an image of the model names: added from the user's disk, sent along with the model. */
import { useRef, useState } from "react";
import { otherSort } from "../lib/opening.ts";
import { Icon } from "../parts/Icon.tsx";
import { useT } from "../texts/index.tsx";
import { useFormEnv } from "./env.ts";

export function ImageFile({ path, onPath }: { path: string; onPath: (path: string) => void }) {
  const t = useT();
  const env = useFormEnv();
  const input = useRef<HTMLInputElement>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const present = path !== "" && env.files.has(path);
  return (
    <div className="image-file">
      {path !== "" && <p className={present ? "present" : "missing"}>{present ? t.imagePresent(path) : t.imageMissing(path)}</p>}
      <button type="button" className="quiet" onClick={() => input.current?.click()}>
        <Icon name="file" />
        {t.imageAdd}
      </button>
      {present && (
        <button type="button" className="quiet" onClick={() => env.setFile(path, null)}>
          {t.imageRemove}
        </button>
      )}
      {refused !== null && (
        <p className="notice error" role="alert">
          {t.imageRefused(refused)}
        </p>
      )}
      <input
        ref={input}
        type="file"
        hidden
        accept=".png,.jpg,.jpeg,.svg,.gif,.webp"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (!file) return;
          setRefused(otherSort(file.name) === "picture" ? null : file.name);
          if (otherSort(file.name) !== "picture") return;
          const name = path === "" ? file.name : path;
          if (path === "") onPath(name);
          env.setFile(name, file);
        }}
      />
    </div>
  );
}
