import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fromMarkdown, lettersOf, marksOfSecrecy, type Block } from "../text/tree.ts";
import { sameText } from "../text/markdown.ts";
import { markdownOf, markdownOfLine, readBlocks, writtenOf, writtenOfLine } from "../text/written.ts";

const letters = (blocks: Block[] | null): string[] =>
  (blocks ?? []).flatMap((block) => (block.t === "p" || block.t === "definition" ? [lettersOf(block.c)] : block.t === "quote" ? letters(block.c) : block.items.flatMap(letters)));
const printed = (written: string): string[] => letters(fromMarkdown(markdownOf(written)));

describe("what is written is what is printed", () => {
  it.each([
    "5*3 m och 7*2 m",
    "längd*bredd*höjd",
    "2 * 3 * 4",
    "fil_namn_2.pdf och _understruket_",
    "C:\\Dokument\\_nytt\\*.pdf".replace("\\*", "*"),
    "# 5 är ett nummer",
    "+ 5 grader",
    "---",
    "===",
    "~~~",
    "> 5 år".replace("> ", ">"),
    "3. maj 2026",
    "2026. Ett år",
    "[Bilaga 1] och [Bilaga 2]: se nedan",
    "[Bilaga 1]: text",
    "<b>inte fet</b> & <5 och >3",
    "&amp; &#x202E; AT&T",
    "`kod` och ``` tre",
    "*) preliminärt, **) prognos",
    "    indraget",
    "Not 1*, not 2*",
    "a\\b \\ c",
    "100 % (12) – 50 kr/m² §",
    "![bild](x.png)".replace("(", " ("),
    "snabb*",
    "**",
    "* * *".replaceAll(" ", ""),
  ])("%s", (text) => {
    expect(printed(text)).toEqual([text.trim()]);
  });
  it("whatever letters come together", { timeout: 60_000 }, () => {
    const alphabet = ["*", "_", "\\", "`", "[", "]", "<", "#", "-", "1", ".", "a", "B", " ", " ", "!", "(", ")", "&", ">", "~", "+", "=", ":", "å", "“"];
    let seed = 7;
    const next = (n: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
    for (let i = 0; i < 4_000; i++) {
      const text = Array.from({ length: 1 + next(12) }, () => alphabet[next(alphabet.length)]).join("");
      // What reads as a list, a quotation, emphasis, a link or a mark has other letters, and is looked at below.
      const blocks = readBlocks(text);
      const markdown = markdownOf(text);
      const [only] = blocks;
      if (blocks.length === 1 && only?.t === "p" && only.c.every((inline) => inline.t === "text")) expect([text, fromMarkdown(markdown)]).toEqual([text, blocks]);
    }
  });
});

describe("what is meant as a mark is one", () => {
  it.each<[string, string]>([
    ["ett\ntvå", "ett\n\ntvå"],
    ["ett\n\n\ntvå", "ett\n\ntvå"],
    ["ett\\\ntvå", "ett\\\ntvå"],
    ["ett *viktigt* ord och (**fet**)", "ett *viktigt* ord och (**fet**)"],
    ["***båda***", "***båda***"],
    ["**fet *båda***, slut", "**fet *båda***, slut"],
    ["***båda* fet**", "***båda* fet**"],
    ["*a **b** c*", "*a **b** c*"],
    ["- a\n- b", "- a\n- b"],
    ["• a\n• b", "- a\n- b"],
    ["- a\n  - b\n- c", "- a\n  - b\n- c"],
    ["före\n- a", "före\n\n- a"],
    ["- a\nefter", "- a\n\nefter"],
    ["1. a\n2. b", "1. a\n2. b"],
    ["3. a\n4. b", "3. a\n4. b"],
    ["- a\n\n- b", "- a\n\n- b"],
    ["> citat", "> citat"],
    ["Ny <b>inget</b> märke & <5", "Ny <b>inget</b> märke & <5"],
    ["<div>5*3</div>", "\\<div>5\\*3\\</div>"],
    ['<a b="5*3">', '\\<a b="5\\*3">'],
    ["[länk](https://x.se/a_b?c=1&d=2)", "[länk](https://x.se/a\\_b?c=1&d=2)"],
    ["[Anna](personuppgift:) och [x](sekretess:26:1)", "[Anna](personuppgift:) och [x](sekretess:26:1)"],
    ["[x](sekretess:26 kap. 1 §)", "[x](sekretess:26 kap. 1 §)"],
    ["not[^1]\n\n[^1]: texten", "not[^1]\n\n[^1]: texten"],
    ["\\*inte kursiv\\*", "\\*inte kursiv\\*"],
    ["\\- inte punkt", "\\- inte punkt"],
    ["[a]: sekretess:26:1", "[a]: sekretess:26:1"],
  ])("%j", (written, markdown) => {
    expect(markdownOf(written)).toBe(markdown);
  });
});

describe("a mark of secrecy", () => {
  const count = (blocks: Block[] | null): number => (blocks === null ? 0 : marksOfSecrecy(blocks));
  const around = ["", "*", "**", "_", "\\", "`", "[", "]", "<", "(", "- ", "1. ", "> ", " ", "a", "\n", "\n\n", "!", "  ", "[^1]"];
  const written = ["[Anna](personuppgift:)", "[Anna](<personuppgift:>)", "[An*n*a](sekretess:26:1)", '[Anna](personuppgift: "x")', "[An\\]na](sekretess:26:1)", "[A [b] c](personuppgift:)", "[Anna](SEKRETESS:26%20kap.%201%20§)"];
  it("that the service reads in what was typed is one in what it is sent", { timeout: 60_000 }, () => {
    let seed = 11;
    const pick = <T>(of: readonly T[]): T => of[(seed = (seed * 1103515245 + 12345) % 2147483648) % of.length] as T;
    let seen = 0;
    for (let i = 0; i < 4_000; i++) {
      const text = pick(around) + pick(around) + pick(written) + pick(around) + pick(around);
      const wanted = count(fromMarkdown(text));
      seen += wanted;
      const sent = markdownOf(text);
      if (count(fromMarkdown(sent)) < wanted) expect([text, sent]).toBe("marked");
    }
    expect(seen).toBeGreaterThan(1000);
  });
});

describe("Markdown comes back as it was", () => {
  const found = new Set<string>();
  const collect = (value: unknown): void => {
    if (typeof value === "string") found.add(value);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(collect);
  };
  const folder = new URL("../../../fixtures/", import.meta.url);
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".json") || name.startsWith("known-bad")) continue;
    collect(JSON.parse(readFileSync(new URL(name, folder), "utf8")));
  }
  const texts = [...found];
  it("in every text of the fixtures", { timeout: 60_000 }, () => {
    expect(texts.length).toBeGreaterThan(1000);
    for (const text of texts) {
      const { text: shown, whole } = writtenOf(text);
      const back = whole ? markdownOf(shown) : shown;
      expect(sameText(fromMarkdown(back), fromMarkdown(text)), text).toBe(true);
    }
    expect(texts.filter((text) => !writtenOf(text).whole && fromMarkdown(text) !== null)).toEqual([]);
  });
  it.each(["bok*en*s", "a\n\n1) b\n\n* c\n* d", "![bild](x.png)", "# Rubrik", "[namn][p]\n\n[p]: personuppgift:"])("also %j", (text) => {
    const { text: shown, whole } = writtenOf(text);
    expect(whole ? fromMarkdown(markdownOf(shown)) : shown).toEqual(whole ? fromMarkdown(text) : text);
  });
  it.each(["5\\*3 m och 7\\*2 m", "*Summa*", "1. Barnahuset", "- 5\\_0", "2. *Summa*", "a*b*c", "Rum \\[3\\]"])("in one line: %j", (line) => {
    const shown = writtenOfLine(line);
    expect(writtenOfLine(markdownOfLine(shown))).toBe(shown);
  });
});
