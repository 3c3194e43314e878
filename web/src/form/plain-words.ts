/**
 * Findings of the service in the words of the page. They are written for all who use the service, also by programs and in
 * files; here nobody sees a file, and a field is called by its title.
 */
import type { Finding } from "../lib/api.ts";
import type { Lang } from "../texts/index.tsx";
import { titleOf, type Schema } from "./schema.ts";

/** The title of a property, wherever in the schema it first has one. */
type Titles = (key: string) => string | undefined;

function titlesOf(schema: Schema, lang: Lang): Titles {
  const found = new Map<string, string>();
  for (const part of [schema, ...Object.values((schema.$defs ?? {}) as Record<string, Schema>)]) {
    for (const [key, property] of Object.entries(part.properties ?? {})) {
      if (!found.has(key) && typeof property === "object") found.set(key, titleOf(property as Schema, lang, key));
    }
  }
  return (key) => found.get(key);
}

/** What is said in place of a remedy that speaks of the file. Null: the finding itself says what is to be done. */
const INSTEAD: Record<string, { sv: string | null; en: string | null }> = {
  ARE004: { sv: "Fyll i tilläggslistans nummer på de ärenden som har kommit till, och ställ dem sist.", en: "Fill in the number of the supplementary list on the items that were added, and put them last." },
  MOD001: { sv: "Börja om från en mall, eller öppna en annan fil.", en: "Begin again from a template, or open another file." },
  MOD002: { sv: "Välj kommun högst upp på sidan.", en: "Choose the municipality at the top of the page." },
  MOD003: { sv: "Uppgiften kommer från en annan fil och har inget fält här. Flytta över det som behövs till ett annat fält.", en: "This comes from another file and has no field here. Move what is needed to another field." },
  MOD004: { sv: "Skriv om det i fältet, eller töm det om det inte behövs.", en: "Write it anew in the field, or clear it if it is not needed." },
  TAB001: { sv: "Ta bort raden och lägg till den på nytt, så får den en cell för varje kolumn.", en: "Remove the row and add it again: then it has a cell for each column." },
  TAB006: { sv: "Ändra formeln, eller vilka rader som summeras, så att cellen inte räknar med sig själv.", en: "Change the formula, or which rows are added up, so that the cell does not count itself." },
  TXT001: { sv: "Ta bort tecknet, eller byt det mot ett annat.", en: "Remove the character, or use another one." },
  TXT003: { sv: "Lägg till en egen del för det: avsnitt, tabeller och bilder har sina egna.", en: "Add a part of its own for it: sections, tables and pictures have theirs." },
};

/** Signs of code in a sentence. */
const CODE = /["{}[\]^\\]|\bnull\b|--|\b[a-z]+_[a-z_]+\b|\bsum_of\b|\bformula\b|\bJSON\b|\btype\b/;

const start = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function swedish(help: string, title: Titles): string {
  const name = (key: string) => `”${title(key) ?? start(key.replaceAll("_", " "))}”`;
  return help
    .replace(/lämna cellen som null så räknas den ut/, "välj Räkna ut för cellen")
    .replace(/lägg till "(\w+)": \[[^\]]*\]/g, (_, key: string) => `lägg till minst en post under ${name(key)}`)
    .replace(/lägg till "(\w+)": "([^"]*)"/g, (_, key: string, text: string) => `skriv i ${name(key)}, till exempel ”${text}”`)
    .replace(/"(\w+)": true/g, (_, key: string) => `kryssa för ${name(key)}`)
    .replace(/lägg till "(\w+)"(: …)?/g, (_, key: string) => `fyll i ${name(key)}`)
    .replace(/välj med rows och columns:/, "välj färre rader och kolumner till diagrammet:")
    .replace(/kolumnens type/, "kolumnens typ")
    .replace(/formen är \^.*$/, "se exemplet vid fältet")
    .replace(/"(\w+)"/g, (_, key: string) => name(key))
    .replace(/"([^"]*)"/g, "”$1”");
}

function english(help: string, title: Titles): string {
  const name = (key: string) => `”${title(key) ?? start(key.replaceAll("_", " "))}”`;
  return help
    .replace(/leave the cell as null to have it computed/, "choose Compute for the cell")
    .replace(/add "(\w+)": \[[^\]]*\]/g, (_, key: string) => `add at least one under ${name(key)}`)
    .replace(/add "(\w+)": "([^"]*)"/g, (_, key: string, text: string) => `write in ${name(key)}, such as ”${text}”`)
    .replace(/"(\w+)": true/g, (_, key: string) => `tick ${name(key)}`)
    .replace(/add "(\w+)"(: …)?/g, (_, key: string) => `fill in ${name(key)}`)
    .replace(/choose with rows and columns:/, "choose fewer rows and columns for the chart:")
    .replace(/the form is \^.*$/, "see the example at the field")
    .replace(/"(\w+)"/g, (_, key: string) => name(key))
    .replace(/"([^"]*)"/g, "”$1”");
}

/** A remedy without code: where one is left, none is better. How secret words are marked is for people to write. */
const orNone = (help: string): string => (CODE.test(help.replace(/\[\w+\]\([\w:]+\)/g, "")) ? "" : help);

const MISSING_SV = /^fältet ”(.+?)”(?: \((.+)\))? saknas$/;

/** A property that is missing is told of at its own field, by its title. */
function missing(finding: Finding, sv: Titles, en: Titles): Finding {
  const key = MISSING_SV.exec(finding.message_sv)?.[1];
  if (key === undefined) return finding;
  const [title_sv, title_en] = [sv(key) ?? key, en(key) ?? key];
  return {
    ...finding,
    pointer: `${finding.pointer}/${key}`,
    message_sv: `${start(title_sv)} saknas`,
    message_en: `${start(title_en)} is missing`,
    help_sv: `Fyll i ”${start(title_sv)}”.`,
    help_en: `Fill in ”${start(title_en)}”.`,
  };
}

/** A finding as the page tells it. */
export function plainWords(schema: Schema): (finding: Finding) => Finding {
  const [sv, en] = [titlesOf(schema, "sv"), titlesOf(schema, "en")];
  return (finding) => {
    if (finding.code === "MOD005") return missing(finding, sv, en);
    const instead = INSTEAD[finding.code];
    const help_sv = instead ? (instead.sv ?? "") : orNone(swedish(finding.help_sv ?? "", sv));
    const help_en = instead ? (instead.en ?? "") : orNone(english(finding.help_en ?? "", en));
    return { ...finding, help_sv, help_en };
  };
}
