import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

const SOURCES = fileURLToPath(new URL("..", import.meta.url));
/** What a file takes from another, for its values or for its types: `from "./a.ts"`, `import "./a.css"`, `import("./a.ts")`. */
const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*)"(\.[^"]+)"/g;

function add(graph: Map<string, Set<string>>, from: string, to?: string): void {
  const known = graph.get(from) ?? new Set();
  if (to !== undefined) known.add(to);
  graph.set(from, known);
}

/** Which files import which. */
function imports(): Graph {
  const graph = new Map<string, Set<string>>();
  for (const file of readdirSync(SOURCES, { recursive: true, encoding: "utf8" })) {
    if (!/\.tsx?$/.test(file) || file.startsWith("tests")) continue;
    add(graph, file);
    for (const [, path = ""] of readFileSync(join(SOURCES, file), "utf8").matchAll(IMPORT)) {
      add(graph, file, relative(SOURCES, join(SOURCES, dirname(file), path)));
    }
  }
  return graph;
}

/** The same between folders. Files beside `main.tsx` put the page together and stand above all. */
function folders(files: Graph): Graph {
  const graph = new Map<string, Set<string>>();
  for (const [from, all] of files) {
    for (const to of all) if (dirname(from) !== dirname(to)) add(graph, dirname(from), dirname(to));
  }
  return graph;
}

/** A way that leads back to where it began, if there is one. */
function circle(graph: Graph): string[] | null {
  const done = new Set<string>();
  const walk = (at: string, way: readonly string[]): string[] | null => {
    if (way.includes(at)) return [...way.slice(way.indexOf(at)), at];
    if (done.has(at)) return null;
    for (const next of graph.get(at) ?? []) {
      const found = walk(next, [...way, at]);
      if (found !== null) return found;
    }
    done.add(at);
    return null;
  };
  for (const start of graph.keys()) {
    const found = walk(start, []);
    if (found !== null) return found;
  }
  return null;
}

describe("imports", () => {
  const files = imports();
  it("are read from the files", () => {
    expect(files.get("main.tsx")).toContain("app.tsx");
    // For its type alone.
    expect(files.get("form/kind-form.ts")).toContain("form/field.ts");
    expect(files.size).toBeGreaterThan(50);
  });
  it("do not go in a circle between files", () => expect(circle(files)).toBeNull());
  it("do not go in a circle between folders", () => expect(circle(folders(files))).toBeNull());
  it("that did would be found", () => {
    const graph = new Map(Object.entries({ a: ["b"], b: ["c", "d"], c: [], d: ["e"], e: ["b"] }).map(([k, v]) => [k, new Set(v)]));
    expect(circle(graph)).toEqual(["b", "d", "e", "b"]);
  });
});
