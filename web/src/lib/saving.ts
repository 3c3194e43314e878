/** Saving a model as a file; in a ZIP together with its files when it has any, so that nothing is left behind. */
import { toBundle } from "./bundle.ts";
import { download } from "./download.ts";
import { writeJson, type JsonObject } from "./json.ts";
import { withoutEnding } from "./opening.ts";
import { prune } from "./prune.ts";

/** `inner` is what the model is called beside its files. Gives the name of the saved file. */
export async function saveModel(
  model: JsonObject,
  keep: ReadonlySet<string>,
  files: ReadonlyMap<string, Blob>,
  name: string,
  inner: string,
): Promise<string> {
  const text = writeJson(prune(model, keep), 2) + "\n";
  const stem = withoutEnding(name);
  if (files.size === 0) {
    download(text, `${stem}.json`, "application/json");
    return `${stem}.json`;
  }
  const free = files.has(inner) ? `${stem}-${inner}` : inner;
  download(await toBundle(text, free, files), `${stem}.zip`, "application/zip");
  return `${stem}.zip`;
}
