import { describe, expect, it } from "vitest";
import { digits, isNum, num, parseJson, plain, writeJson, type Json } from "../lib/json.ts";

const again = (text: string) => writeJson(parseJson(text));

describe("numbers keep their digits", () => {
  it.each(["15.0", "0.10", "-0", "1e3", "1E+2", "12345678901234567890.12345678901234567890", "-556.0", "0"])("%s", (text) => {
    expect(again(`{"a":[${text}]}`)).toBe(`{"a":[${text}]}`);
  });

  it("tells numbers from strings that look like them", () => {
    const value = parseJson('{"n":1,"s":"1"}') as { n: Json; s: Json };
    expect(isNum(value.n)).toBe(true);
    expect(isNum(value.s)).toBe(false);
    expect(digits(value.n as never)).toBe("1");
  });

  it("keeps strings that begin with the mark", () => {
    expect(again('"\\ue000n5"')).toBe('"\ue000n5"');
    expect(again('"\\ue000s"')).toBe('"\ue000s"');
  });

  it("survives what copies by value", () => {
    const value = parseJson('{"a":1.50}');
    expect(writeJson(JSON.parse(JSON.stringify(value)) as Json)).toBe('{"a":1.50}');
    expect(plain(value)).toEqual({ a: 1.5 });
  });

  it("refuses what is no number", () => {
    expect(() => num("1,5")).toThrow(RangeError);
    expect(num("1.5")).toBe(num(1.5));
  });
});

it("leaves out what has no value", () => {
  const value = { a: undefined, b: "x" } as unknown as Json;
  expect(writeJson(value)).toBe('{"b":"x"}');
  expect(plain(value)).toEqual({ b: "x" });
});

it("keeps nulls, order, odd keys and a byte order mark away", () => {
  expect(again('\ufeff{"b":null,"a":{"x y":"å\\n"},"l":[],"o":{}}')).toBe('{"b":null,"a":{"x y":"å\\n"},"l":[],"o":{}}');
  expect(writeJson(parseJson('{"a":[1,{"b":2}]}'), 2)).toBe('{\n  "a": [\n    1,\n    {\n      "b": 2\n    }\n  ]\n}');
  expect(() => parseJson('{"a":')).toThrow(SyntaxError);
});
