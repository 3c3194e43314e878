import { describe, expect, it } from "vitest";
import * as fill from "../form/table-fill.ts";
import * as ops from "../form/table-ops.ts";
import { parseJson, writeJson, type JsonObject } from "../lib/json.ts";

const table = () =>
  parseJson(`{"type":"table","columns":[{"id":"post","title":"Post"},{"id":"budget","title":"Budget","type":"amount"},
  {"id":"avv","title":"Avvikelse","type":"amount","formula":"budget"}],
  "rows":[{"cells":["Intäkter",10.0,null]},{"type":"group","title":"Del"},{"type":"total","title":"Summa"}]}`) as JsonObject;
const rows = (of: JsonObject) => writeJson(of["rows"] ?? null);

describe("cells", () => {
  it("reads what is written by the type of the column", () => {
    const [, budget, avv] = ops.columnsOf(table());
    expect(ops.readCell("", {}, avv)).toBeNull();
    expect(ops.readCell("", {}, budget)).toBe("");
    expect(ops.readCell("", { type: "total" }, budget)).toBeNull();
    expect(writeJson(ops.readCell("1 000,50", {}, budget))).toBe("1000.50");
    expect(ops.readCell("us", {}, budget)).toBe("us");
    expect(ops.readCell("2013", {}, ops.columnsOf(table())[0])).toBe("2013");
  });
  it("changes one and leaves the others", () => {
    const next = ops.setCell(table(), 0, 1, "us");
    expect(rows(next)).toBe('[{"cells":["Intäkter","us",null]},{"type":"group","title":"Del"},{"type":"total","title":"Summa"}]');
  });
  it("gives a titled row cells when one of them is written", () => {
    expect(rows(ops.setCell(table(), 2, 0, "Totalt"))).toContain('{"type":"total","title":"Totalt"}');
    expect(rows(ops.setCell(table(), 2, 1, "x"))).toContain('{"type":"total","cells":["Summa","x",null]}');
  });
  it("keeps a note with its value", () => {
    const noted = ops.setNote(table(), 0, 1, "Preliminärt");
    expect(rows(noted)).toContain('{"value":10.0,"note":"Preliminärt"}');
    expect(rows(ops.setCell(noted, 0, 1, "us"))).toContain('{"value":"us","note":"Preliminärt"}');
    expect(rows(ops.setNote(noted, 0, 1, ""))).toBe(rows(table()));
  });
});

describe("rows and columns", () => {
  it("changes the kind of a row", () => {
    expect(rows(ops.setRowType(table(), 0, "group"))).toContain('{"type":"group","title":"Intäkter"}');
    expect(rows(ops.setRowType(table(), 1, "line"))).toContain('{"cells":["Del","",null]}');
    const blank = ops.insertRow(table(), 3);
    expect(rows(ops.setRowType(blank, 3, "netto"))).toContain('{"cells":["",null,null],"type":"netto"}');
  });
  it("moves, adds and removes", () => {
    const wide = ops.insertColumn(table(), 3, "Prognos 2013");
    expect(ops.columnsOf(wide)[3]).toEqual({ id: "prognos_2013", title: "Prognos 2013", type: "amount" });
    expect(rows(wide)).toContain('["Intäkter",10.0,null,""]');
    expect(rows(ops.moveColumn(wide, 0, 1))).toContain('[10.0,"Intäkter",null,""]');
    expect(rows(ops.removeColumn(wide, 1))).toContain('["Intäkter",null,""]');
    expect(rows(ops.moveRow(table(), 2, 0)).indexOf("total")).toBeLessThan(20);
    expect(ops.rowsOf(ops.removeRow(table(), 1))).toHaveLength(2);
    expect(ops.columnId("Post", ["post"])).toBe("post_2");
    expect(ops.columnId("2013", [])).toBe("k_2013");
  });
  it("pastes into a place and beyond", () => {
    const next = fill.paste(table(), 2, 1, [
      ["1", "2", "3"],
      ["4", "", "x"],
    ]);
    expect(ops.columnsOf(next)).toHaveLength(4);
    expect(ops.rowsOf(next)).toHaveLength(4);
    expect(rows(next)).toContain('{"type":"total","cells":["Summa",1,2,"3"]}');
    expect(rows(next)).toContain('{"cells":["",4,null,"x"]}');
  });
  it("takes a file's cells, with the settings of columns that it knows", () => {
    const next = fill.fromCells(table(), [["Post", "Budget", "Nytt"], ["A", "1 000", "0,5"], ["", "", ""]], true);
    expect(writeJson(next["columns"] ?? null)).toBe(
      '[{"id":"post","title":"Post"},{"id":"budget","title":"Budget","type":"amount"},{"id":"nytt","title":"Nytt","type":"amount"}]',
    );
    expect(rows(next)).toBe('[{"cells":["A",1000,0.5]}]');
  });
  it("guesses what a column holds", () => {
    expect(fill.guessType(["1", "2,5", ""])).toBe("amount");
    expect(fill.guessType(["12 %", "3%"])).toBe("percent");
    expect(fill.guessType(["2013-05-28"])).toBe("date");
    expect(fill.guessType(["a", "b", "1"])).toBe("text");
    expect(fill.guessType(["", ""])).toBe("text");
  });
});
