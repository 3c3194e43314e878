/** What is written in a text is what is printed, and what is pasted from Word keeps its paragraphs, points and tables. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Page, TestInfo } from "@playwright/test";
import { accessible, drawn, expect, field, go, screen, test } from "./page.ts";

async function empty(page: Page): Promise<void> {
  await go(page);
  await page.getByRole("button", { name: /tomt.*Dokument/ }).click();
  await field(page, "/title").fill("Textprov");
}

/** The text of the PDF as poppler reads it; undefined where it is not installed. */
async function printed(page: Page, info: TestInfo): Promise<string | undefined> {
  await expect(page.getByRole("button", { name: "Hämta PDF" })).toBeEnabled();
  const [pdf] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Hämta PDF" }).click()]);
  const path = info.outputPath("text.pdf");
  await pdf.saveAs(path);
  try {
    return execFileSync("pdftotext", ["-layout", path, "-"], { encoding: "utf8" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function saved(page: Page, info: TestInfo): Promise<Record<string, unknown>> {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Spara" }).click()]);
  const path = info.outputPath("text.json");
  await file.saveAs(path);
  return JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
}

async function pasteHtml(page: Page, html: string, text: string): Promise<void> {
  await page.evaluate(
    ([rich, plain]) => {
      const data = new DataTransfer();
      data.setData("text/html", rich ?? "");
      data.setData("text/plain", plain ?? "");
      document.activeElement?.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    },
    [html, text],
  );
}

const LINES = [
  "Ytan är 5*3 m och 7*2 m, alltså längd*bredd.",
  "3. maj 2026 börjar arbetet.",
  "# 7 på listan",
  "> 5 grader".replace("> ", ">"),
  "Se [Bilaga 1] och fil_namn_2 eller _detta_ under C:\\Mapp\\ny.",
  "<b>inte fet</b> men `kod` & AT&T &amp; 100 %",
  "+ 4 procent",
];

test("every letter that is typed is printed", async ({ page }, info) => {
  await empty(page);
  await field(page, "/title").fill("Mått 2*3 och 4*5, fil_namn [ett]");
  await field(page, "/content").focus();
  for (const [i, line] of LINES.entries()) {
    if (i > 0) await page.keyboard.press("Enter");
    await page.keyboard.type(line);
  }
  await drawn(page);
  await page.waitForTimeout(800);
  const text = (await printed(page, info))?.replace(/\s+/g, " ");
  if (text !== undefined) {
    for (const line of [...LINES, "Mått 2*3 och 4*5, fil_namn [ett]"]) expect(text).toContain(line.replace(/"/g, "”"));
  }
  await screen(page, "text-typed");
  // What was typed is shown as it was typed, when the field is come back to.
  await field(page, "/title").focus();
  const shown = await field(page, "/content").inputValue();
  for (const line of LINES) expect(shown).toContain(line);
  expect((await saved(page, info))["content"]).toContain("5\\*3 m och 7\\*2 m");
  await accessible(page);
});

test("Enter makes a paragraph, a point and emphasis are what they look like", async ({ page }, info) => {
  await empty(page);
  await field(page, "/content").focus();
  await page.keyboard.type("Första stycket med *ett* ord.");
  await page.keyboard.press("Enter");
  await page.keyboard.type("Andra stycket:");
  await page.keyboard.press("Enter");
  await page.keyboard.type("- en punkt");
  await page.keyboard.press("Enter");
  await page.keyboard.type("- en till");
  expect((await saved(page, info))["content"]).toBe("Första stycket med *ett* ord.\n\nAndra stycket:\n\n- en punkt\n- en till");
});

const WORD = `<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word"><head><style><!-- p.MsoNormal {margin:0cm} --></style></head><body lang=SV>
<!--StartFragment--><h2>Bakgrund<o:p></o:p></h2>
<p class=MsoNormal>Kommunen har <b>två</b> skolor, <i>Ek</i> och <i>Al</i>.<b>Obs:</b>båda är gamla.<o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>Första punkten<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='text-indent:-18.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span style='font-family:"Courier New"'><span style='mso-list:Ignore'>o<span>&nbsp;&nbsp; </span></span></span><![endif]>Underpunkten 5*3<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>Andra punkten<o:p></o:p></p>
<table class=MsoTableGrid border=1><tr><td><p class=MsoNormal>Skola</p></td><td><p class=MsoNormal>Kostnad</p></td></tr><tr><td><p class=MsoNormal>Ek</p></td><td><p class=MsoNormal>1&nbsp;200,5</p></td></tr><tr><td><p class=MsoNormal>Al</p></td><td><p class=MsoNormal>−300</p></td></tr></table>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>1.<span>&nbsp;&nbsp; </span></span><![endif]>Ett beslut</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>2.<span>&nbsp;&nbsp; </span></span><![endif]>Nästa beslut</p>
<p class=MsoNormal>Ytan är 40 m<sup>2</sup>. Se <a href="https://www.exempel.example/a">sidan</a>.</p><!--EndFragment--></body></html>`;

test("a text from Word keeps its paragraphs, points, emphasis and table", async ({ page }, info) => {
  await empty(page);
  await field(page, "/content").fill("Före.\nEfter.");
  await field(page, "/content").evaluate((area: HTMLTextAreaElement) => area.setSelectionRange(6, 6));
  await pasteHtml(page, WORD, "plain");
  await expect(field(page, "/content/1/rows/1/cells/1")).toHaveValue("−300");
  await expect(page.getByTestId("live")).toContainText("Tabellen blev en egen del");
  const { content } = (await saved(page, info)) as { content: [string, Record<string, unknown>, string] };
  expect(content[0]).toBe("Före.\n\n**Bakgrund**\n\nKommunen har **två** skolor, *Ek* och *Al*.**Obs**:båda är gamla.\n\n- Första punkten\n  - Underpunkten 5\\*3\n- Andra punkten".replace("*Al*.**Obs**:båda", "*Al*.**Obs**:båda"));
  expect(content[1]).toMatchObject({ type: "table", columns: [{ title: "Skola" }, { title: "Kostnad", type: "amount" }], rows: [{ cells: ["Ek", 1200.5] }, { cells: ["Al", -300] }] });
  expect(content[2]).toBe("1. Ett beslut\n2. Nästa beslut\n\nYtan är 40 m². Se [sidan](https://www.exempel.example/a).\n\nEfter.");
  await drawn(page);
  await screen(page, "text-from-word", true);
  await accessible(page);
  // All of it is one step back.
  await page.getByRole("button", { name: /^Ångra/ }).click();
  await expect(field(page, "/content")).toHaveValue("Före.\n\nEfter.");
});

const SOURCES: [string, string, string][] = [
  ["Google Docs", '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr"><span style="font-weight:700">Rubrik</span></p><ul><li dir="ltr"><p dir="ltr"><span style="font-style:italic">ett</span></p></li><ul><li><p>under</p></li></ul><li><p>två</p></li></ul></b>', "**Rubrik**\n\n- *ett*\n  - under\n- två"],
  ["LibreOffice", '<p style="margin-bottom: 0cm">Ett stycke<br/>med radbrytning</p><ol start="3"><li><p>tre</p></li><li><p>fyra</p></li></ol>', "Ett stycke\\\nmed radbrytning\n\n3. tre\n4. fyra"],
  ["a mail", "<div>Hej</div><div><br></div><div>Två &amp; tre</div><blockquote><p>citat</p></blockquote>", "Hej\n\nTvå & tre\n\n> citat"],
  ["Word with a note", '<p class=MsoNormal>Text<a style="mso-footnote-id:ftn1" href="#_ftn1" name="_ftnref1"><span class=MsoFootnoteReference>[1]</span></a> slut.</p><div style="mso-element:footnote-list"><div style="mso-element:footnote" id=ftn1><p class=MsoFootnoteText><a href="#_ftnref1"><span>[1]</span></a> Notens text.</p></div></div>', "Text[^1] slut.\n\n[^1]: Notens text."],
  ["Word with letters", "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>a)<span>&nbsp; </span></span>första</p><p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>b)<span>&nbsp; </span></span>andra</p>", "a) första\n\nb) andra"],
  ["a web page", '<h2>Om <a href="https://x.se/a">sidan</a></h2><script>hit()</script><p>H<sub>2</sub>O och <b>fet <i>båda</i></b>, <span style="display:none">dolt</span>slut</p>', "**Om** [**sidan**](https://x.se/a)\n\nH₂O och **fet *båda***, slut"],
];
for (const [source, html, wanted] of SOURCES) {
  test(`text from ${source} keeps what it is`, async ({ page }, info) => {
    await empty(page);
    await field(page, "/content").focus();
    await pasteHtml(page, html, "plain");
    expect((await saved(page, info))["content"]).toBe(wanted);
  });
}

test("where only text can stand a pasted table becomes lines, and that is said", async ({ page }) => {
  await go(page);
  await page.getByRole("button", { name: /tomt.*Tjänsteskrivelse/ }).click();
  await page.getByRole("button", { name: "Lägg till förslag till beslut" }).click();
  await field(page, "/forslag_till_beslut/0").focus();
  await pasteHtml(page, "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "a\tb");
  await expect(field(page, "/forslag_till_beslut/0")).toHaveValue("a; b\nc; d");
  await expect(page.getByTestId("live")).toContainText("Tabellen blev text");
});

test("a mark of secrecy stays one while the text around it changes", async ({ page }, info) => {
  await empty(page);
  await field(page, "/content").fill("Ansökan av [Anna Ek](personuppgift:) om 2*3 m.");
  expect((await saved(page, info))["content"]).toBe("Ansökan av [Anna Ek](personuppgift:) om 2\\*3 m.");
});
