import { describe, expect, it } from "vitest";
import { parseJson, writeJson, type JsonObject } from "../lib/json.ts";
import { editText, readNumber, showNumber } from "../lib/numbers.ts";
import { afterMove, afterRemove, fromPointer, getAt, setAt, toPointer, withAncestors } from "../lib/pointer.ts";
import { prune, requiredLists } from "../lib/prune.ts";
import { FindingStore } from "../lib/findings.ts";
import { OpenStore } from "../lib/store.ts";
import { isTabular, parseTsv } from "../lib/tsv.ts";

const json = (text: string) => parseJson(text) as JsonObject;

describe("what is empty is left out", () => {
  const pruned = (text: string, keep: string[] = []) => writeJson(prune(json(text), new Set(keep)));

  it("drops empty strings, objects, lists and nulls", () => {
    expect(pruned('{"a":"","b":{},"c":[],"d":null,"e":{"f":""},"g":"x"}')).toBe('{"g":"x"}');
  });
  it("drops empty elements only at the end of a list", () => {
    expect(pruned('{"a":["","x","",""]}')).toBe('{"a":["","x"]}');
    expect(pruned('{"a":[{},{"b":1},{}]}')).toBe('{"a":[{},{"b":1}]}');
  });
  it("keeps required lists, cells and rows as they are", () => {
    expect(pruned('{"arenden":[]}', ["arenden"])).toBe('{"arenden":[]}');
    expect(pruned('{"rows":[{"cells":["a",null,""]},{"type":"total"},{}]}')).toBe('{"rows":[{"cells":["a",null,""]},{"type":"total"},{}]}');
  });
  it("keeps false and zero", () => {
    expect(pruned('{"a":false,"b":0}')).toBe('{"a":false,"b":0}');
  });
  it("finds the lists that a schema requires", () => {
    const schema = { properties: { a: { type: "array" }, b: { type: "array" } }, required: ["a"], $defs: { T: { properties: { rows: { type: "array" } }, required: ["rows"] } } };
    expect([...requiredLists(schema)].sort()).toEqual(["a", "rows"]);
  });
});

describe("places in the model", () => {
  it("reads and writes pointers", () => {
    expect(toPointer(["a/b", 0, "c~d"])).toBe("/a~1b/0/c~0d");
    expect(fromPointer("/a~1b/0/c~0d")).toEqual(["a/b", "0", "c~d"]);
    expect(withAncestors("/a/0")).toEqual(["/a/0", "/a", ""]);
  });
  it("changes one place and shares the rest", () => {
    const before = json('{"a":{"b":1},"c":[{"d":2},{"e":3}]}');
    const after = setAt(before, ["c", 1, "e"], "x") as JsonObject;
    expect(getAt(after, ["c", 1, "e"])).toBe("x");
    expect(after["a"]).toBe(before["a"]);
    expect((after["c"] as unknown[])[0]).toBe((before["c"] as unknown[])[0]);
    expect(writeJson(setAt(before, ["a", "b"], undefined) as JsonObject)).toBe('{"a":{},"c":[{"d":2},{"e":3}]}');
    expect(writeJson(setAt({}, ["l", 0, "t"], "x") as JsonObject)).toBe('{"l":[{"t":"x"}]}');
  });
  it("knows where elements went", () => {
    expect([0, 1, 2, 3].map(afterMove(0, 2))).toEqual([2, 0, 1, 3]);
    expect([0, 1, 2, 3].map(afterMove(3, 1))).toEqual([0, 2, 3, 1]);
    expect([0, 1, 2].map(afterRemove(1))).toEqual([0, null, 1]);
  });
  it("opens what a place lies in, and keeps sections with their elements", () => {
    const open = new OpenStore();
    open.reveal("/a/0/rows/3/cells/1");
    expect(open.isOpen("/a/0", false)).toBe(true);
    expect(open.isOpen("/a/0/#about", false)).toBe(false);
    open.reveal("/a/0/unit");
    expect(open.isOpen("/a/0/#about", false)).toBe(true);
    open.clear();
    open.set("/l/0", true);
    open.rearranged("/l", afterMove(0, 2));
    expect([0, 1, 2].map((i) => open.isOpen(`/l/${i}`, false))).toEqual([false, false, true]);
  });
  it("counts findings within a place", () => {
    const store = new FindingStore();
    store.set([{ code: "X", severity: "error", pointer: "/a/0/b", message_sv: "", message_en: "", help_sv: "", help_en: "" }]);
    expect(store.at("/a/0/b")).toHaveLength(1);
    expect(store.countWithin("/a")).toBe(1);
    expect(store.listWithin("/a")).toBe(store.listWithin("/a"));
    expect(store.countWithin("/c")).toBe(0);
  });
});

describe("numbers as people write them", () => {
  it.each([
    ["1 234,5", "1234.5"],
    ["−12", "-12"],
    ["1\u00a0000\u00a0000", "1000000"],
    ["1.234,50", "1234.50"],
    ["1234.5", "1234.5"],
    ["(12)", "-12"],
    ["+7", "7"],
    [",5", "0.5"],
    ["007", "7"],
    ["12 %", "12"],
  ])("%s", (text, digits) => {
    expect(writeJson(readNumber(text) ?? null)).toBe(digits);
  });
  it("does not read words", () => {
    for (const text of ["", "us", "12 st", "1,2,3", "-"]) expect(readNumber(text)).toBeUndefined();
  });
  it("shows them in Swedish", () => {
    const read = (text: string) => parseJson(text) as never;
    expect(showNumber(read("-152622"))).toBe("−152\u00a0622");
    expect(showNumber(read("1234567.50"))).toBe("1\u00a0234\u00a0567,50");
    expect(showNumber(read("1234"))).toBe("1\u00a0234");
    expect(editText(read("-15.0"))).toBe("-15,0");
  });
});

describe("cells of the clipboard", () => {
  it("parts cells and rows, with quotes", () => {
    expect(parseTsv('a\tb\r\n"c\nd"\t"e ""f"""\n')).toEqual([
      ["a", "b"],
      ["c\nd", 'e "f"'],
    ]);
    expect(parseTsv("a\t\t\n")).toEqual([["a", "", ""]]);
  });
  it("knows one cell from many", () => {
    expect(isTabular("bara text")).toBe(false);
    expect(isTabular("text\n")).toBe(false);
    expect(isTabular("a\tb")).toBe(true);
    expect(isTabular("a\nb")).toBe(true);
  });
});
