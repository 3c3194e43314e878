import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

/** Packages that reach the page as whole files, which the bundler does not list among its modules. */
const ALWAYS = ["pdfjs-dist"];

/** Finds the folder of the package that a module belongs to. */
function packageFolder(id: string): string | undefined {
  const at = id.lastIndexOf("node_modules/");
  if (at < 0) return undefined;
  const rest = id.slice(at + "node_modules/".length).split("/");
  const name = rest[0]?.startsWith("@") ? `${rest[0]}/${rest[1]}` : rest[0];
  return name ? join(id.slice(0, at).replace(/^\0+/, ""), "node_modules", name) : undefined;
}

/** The words of a package's licence. */
function licenceText(folder: string): string {
  const file = readdirSync(folder)
    .sort()
    .find((name) => /^(licen[cs]e|copying)/i.test(name));
  return file ? readFileSync(join(folder, file), "utf8").trim() : "";
}

/** Writes `licences.txt`: name, version, licence and legal notice of everything that is bundled. */
export function licences(): Plugin {
  return {
    name: "licences",
    apply: "build",
    generateBundle(_options, bundle) {
      const folders = new Map<string, string>();
      for (const name of ALWAYS) folders.set(name, join(import.meta.dirname, "..", "node_modules", name));
      for (const output of Object.values(bundle)) {
        if (output.type !== "chunk") continue;
        for (const id of Object.keys(output.modules)) {
          const folder = packageFolder(id);
          if (!folder || !existsSync(join(folder, "package.json"))) continue;
          const { name } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name: string };
          folders.set(name, folder);
        }
      }
      const parts = [...folders.entries()]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, folder]) => {
          const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
            version: string;
            license?: string;
          };
          return `${name} ${about.version} (${about.license ?? "?"})\n\n${licenceText(folder)}`;
        });
      const fonts = join(import.meta.dirname, "..", "src", "fonts", "LICENSE-OpenSans.txt");
      parts.push(`Open Sans (Apache-2.0)\n\n${readFileSync(fonts, "utf8").trim()}`);
      const line = "\n\n" + "-".repeat(78) + "\n\n";
      const text = (parts.join(line) + "\n").replace(/\r\n/g, "\n").replace(/[ \t]+$/gm, "");
      this.emitFile({ type: "asset", fileName: "licences.txt", source: text });
    },
  };
}

