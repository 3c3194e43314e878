import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseJson, type Json, type JsonObject } from "../lib/json.ts";
import * as pack from "../pack/model.ts";

const folder = new URL("../../../fixtures/botkyrka-sn-2013-05-28/", import.meta.url);
const read = (name: string) => parseJson(readFileSync(new URL(name, folder), "utf8")) as JsonObject;

describe("the files of a pack", () => {
  it("are all those named by a kallelse", () => {
    const files = pack.neededFiles(read("0-kallelse.json"), new Map());
    expect(files).toContain("1-ordforandeforslag.json");
    expect(files).toContain("bilagor/arsredovisning-2012.pdf");
    expect(new Set(files).size).toBe(files.length);
  });
  it("are also those that its documents name", () => {
    const model = parseJson('{"arenden":[{"handlingar":[{"dokument":"a/x.json"}]}]}') as JsonObject;
    const report = parseJson('{"bilagor":[{"file":"y.pdf"},{"title":"utan"}],"content":[{"type":"image","file":"../z.png"}]}');
    const reports = new Map<string, Json>([["a/x.json", report]]);
    expect(pack.neededFiles(model, reports)).toEqual(["a/x.json", "z.png", "a/y.pdf"]);
    expect(pack.whereNamed(model, "a/y.pdf", reports)).toBe("/arenden/0/handlingar/0");
    expect(pack.whereNamed(model, "b.pdf", reports)).toBeUndefined();
  });
  it("are known by path or by name", () => {
    expect(pack.matchNeeded("mapp/bilagor/a.pdf", ["x.pdf", "bilagor/a.pdf"])).toBe("bilagor/a.pdf");
    expect(pack.matchNeeded("a.pdf", ["bilagor/a.pdf"])).toBe("bilagor/a.pdf");
    expect(pack.matchNeeded("b.pdf", ["bilagor/a.pdf"])).toBeUndefined();
  });
});

describe("items and documents", () => {
  it("are numbered anew when they have numbers", () => {
    const items = pack.itemsOf(read("0-kallelse.json"));
    const next = pack.moveItem(items, 0, 2);
    expect(next.map(pack.numberOf).slice(0, 3)).toEqual(["1", "2", "3"]);
    expect(next[2]?.["title"]).toBe(items[0]?.["title"]);
    expect(pack.moveItem([{ title: "a" }, { title: "b" }], 0, 1)).toEqual([{ title: "b" }, { title: "a" }]);
  });
  it("are made from files", () => {
    expect(pack.documentFor("x.json")).toEqual({ dokument: "x.json" });
    expect(pack.documentFor("bilagor/arsredovisning-2012_slutlig.pdf")).toEqual({
      title: "Arsredovisning 2012 slutlig",
      file: "bilagor/arsredovisning-2012_slutlig.pdf",
    });
    expect(pack.sortOf({ dokument: { kind: "dokument" } })).toBe("inline");
    expect(pack.sortOf({ file: "a.JSON" })).toBe("own");
    expect(pack.sortOf({ file: "a.png" })).toBe("foreign");
    expect(pack.sortOf({ title: "x" })).toBe("none");
    expect(pack.freePath("bilagor/a.pdf", ["bilagor/A.pdf", "bilagor/a-2.pdf"])).toBe("bilagor/a-3.pdf");
    expect(pack.safeName("a:b\\c\n.pdf")).toBe("a_b_c_.pdf");
    expect(pack.resolvePath("", "./a.json")).toBe("a.json");
    expect(pack.resolvePath("a/", "../../b.json")).toBe("b.json");
    expect(pack.sortOfFile("x.docx")).toBe("other");
  });
});
