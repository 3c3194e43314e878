/** Adding files to a pack: to one item, or wherever the kallelse names them. */
import { isZip } from "../lib/bundle.ts";
import { packDraft } from "../lib/draft.ts";
import { pathOf } from "../lib/dropped.ts";
import { parseJson, isObject, type JsonObject } from "../lib/json.ts";
import { announce } from "../parts/announce.tsx";
import { useT } from "../texts/index.tsx";
import { documentFor, documentsOf, fileOf, freePath, itemsOf, matchNeeded, neededFiles, resolvePath, safeName, sortOfFile } from "./model.ts";

const PICTURE = /\.(svg|gif|webp)$/i;

async function isKallelse(file: File): Promise<boolean> {
  // A ZIP is a saved kallelse with its files, or is told not to be.
  if (isZip(file)) return true;
  if (sortOfFile(file.name) !== "report") return false;
  try {
    const value = parseJson(await file.text());
    return isObject(value) && value["kind"] === "kallelse";
  } catch {
    return false;
  }
}

export function usePackFiles(
  model: JsonObject,
  missing: readonly string[],
  onOpen: (file: File) => Promise<boolean>,
  onNotice: (text: string | null) => void,
) {
  const t = useT();

  /** Adds files to an item. One that the item already names takes its place there. */
  const addTo = (index: number, chosen: File[]) => {
    const item = itemsOf(model)[index] ?? {};
    const wanting = documentsOf(item)
      .map((doc) => (fileOf(doc) === "" ? "" : resolvePath("", fileOf(doc))))
      .filter((path) => path !== "" && missing.includes(path));
    const files = new Map<string, Blob>();
    const added: JsonObject[] = [];
    const refused: string[] = [];
    for (const file of chosen) {
      const sort = sortOfFile(file.name);
      if (sort === "other") {
        refused.push(t.pack.unsupported(file.name));
        continue;
      }
      const named = matchNeeded(pathOf(file), wanting.filter((path) => !files.has(path)));
      if (named !== undefined) {
        files.set(named, file);
        continue;
      }
      const name = safeName(file.name);
      const others = [...files.keys(), ...packDraft.get().files.keys(), ...missing];
      const path = freePath(sort === "report" ? name : `bilagor/${name}`, others);
      files.set(path, file);
      added.push(documentFor(path));
    }
    packDraft.addFiles(files);
    if (added.length > 0) packDraft.change([...documentsOf(item), ...added], ["arenden", index, "handlingar"]);
    onNotice(refused.length > 0 ? refused.join(" ") : null);
    announce(t.pack.filesAdded(files.size));
  };

  /** Adds files where the kallelse names them. A kallelse among them is opened first. */
  const addAll = (chosen: File[]) => {
    void (async () => {
      let lacking = [...missing];
      let rest = chosen;
      for (const file of chosen) {
        if (missing.includes(file.name) || !(await isKallelse(file))) continue;
        rest = chosen.filter((other) => other !== file);
        if (!(await onOpen(file))) return;
        lacking = neededFiles(packDraft.get().model ?? {}, new Map());
        break;
      }
      const files = new Map<string, Blob>();
      const left: File[] = [];
      const place = (file: File) => {
        const path = matchNeeded(pathOf(file), lacking.filter((needed) => !files.has(needed)));
        if (path === undefined) left.push(file);
        else files.set(path, file);
      };
      // Documents first: they name files of their own.
      const inOrder = [...rest].sort((a, b) => Number(sortOfFile(a.name) !== "report") - Number(sortOfFile(b.name) !== "report"));
      for (const file of inOrder.filter((f) => sortOfFile(f.name) === "report")) place(file);
      const reports = new Map(
        await Promise.all([...files].map(async ([path, file]) => [path, await file.text().then(parseJson).catch(() => null)] as const)),
      );
      const now = packDraft.get();
      lacking = neededFiles(now.model ?? {}, reports)
        .concat(lacking)
        .filter((path) => !now.files.has(path));
      for (const file of inOrder.filter((f) => sortOfFile(f.name) !== "report")) place(file);
      packDraft.addFiles(files);
      const notices = left
        .filter((file) => !file.name.startsWith("."))
        .map((file) => (sortOfFile(file.name) === "other" && !PICTURE.test(file.name) ? t.pack.unsupported(file.name) : t.pack.unused(file.name)));
      onNotice(notices.length > 0 ? notices.slice(0, 5).join(" ") + (notices.length > 5 ? " …" : "") : null);
      announce(t.pack.filesAdded(files.size));
    })();
  };

  return { addTo, addAll };
}
