/** A spreadsheet file made by hand: a ZIP whose entries are stored as they are. */
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';

/** What a cell may hold: a text, a number, a number with a format, what could not be computed. */
export type Value = string | number | { value: number; format: string } | { fault: string } | { formula: string } | null;

const letters = (c: number): string => (c < 26 ? "" : String.fromCharCode(64 + Math.floor(c / 26))) + String.fromCharCode(65 + (c % 26));

function sheet(rows: Value[][], formats: string[]): string {
  const cell = (value: Value, r: number, c: number) => {
    const at = `${letters(c)}${r + 1}`;
    if (value === null) return "";
    if (typeof value === "number") return `<c r="${at}"><v>${value}</v></c>`;
    if (typeof value === "string") return `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`;
    if ("formula" in value) return `<c r="${at}"><f>${value.formula}</f></c>`;
    if ("fault" in value) return `<c r="${at}" t="e"><v>${value.fault}</v></c>`;
    if (!formats.includes(value.format)) formats.push(value.format);
    return `<c r="${at}" s="${formats.indexOf(value.format) + 1}"><v>${value.value}</v></c>`;
  };
  const lines = rows.map((row, r) => `<row r="${r + 1}">${row.map((v, c) => cell(v, r, c)).join("")}</row>`);
  return `${XML}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${lines.join("")}</sheetData></worksheet>`;
}

export function xlsx(rows: Value[][], more: Record<string, Value[][]> = {}): Buffer {
  const rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const formats: string[] = [];
  const sheets = Object.entries({ Blad1: rows, ...more }).map(([name, cells]) => [name, sheet(cells, formats)] as const);
  const listed = sheets.map(([name], i) => `<sheet name="${name}" sheetId="${i + 1}" r:id="r${i + 1}"/>`).join("");
  const targets = sheets.map((_, i) => `<Relationship Id="r${i + 1}" Type="${rel}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join("");
  const numFmts = formats.map((code, i) => `<numFmt numFmtId="${164 + i}" formatCode="${code.replaceAll('"', "&quot;")}"/>`).join("");
  const xfs = formats.map((_, i) => `<xf numFmtId="${164 + i}" applyNumberFormat="1"/>`).join("");
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const files: [string, string][] = [
    ["[Content_Types].xml", `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`],
    ["_rels/.rels", `${XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="${rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>`],
    ["xl/workbook.xml", `${XML}<workbook xmlns="${main}" xmlns:r="${rel}"><sheets>${listed}</sheets></workbook>`],
    ["xl/_rels/workbook.xml.rels", `${XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${targets}</Relationships>`],
    ["xl/styles.xml", `${XML}<styleSheet xmlns="${main}"><numFmts count="${formats.length}">${numFmts}</numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${xfs}</cellXfs></styleSheet>`],
    ...sheets.map(([, text], i): [string, string] => [`xl/worksheets/sheet${i + 1}.xml`, text]),
  ];
  return zip(files);
}

export function zip(files: [string, string][]): Buffer {
  const parts: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const [name, text] of files) {
    const data = Buffer.from(text);
    const path = Buffer.from(name);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt32LE(crc(data), 10);
    head.writeUInt32LE(data.length, 14);
    head.writeUInt32LE(data.length, 18);
    head.writeUInt16LE(path.length, 22);
    parts.push(Buffer.from("PK\x03\x04"), head, path, data);
    list.push(Buffer.from("PK\x01\x02\x14\x00"), head, tailOf(at), path);
    at += 30 + path.length + data.length;
  }
  const central = Buffer.concat(list);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, central, Buffer.from("PK\x05\x06"), end]);
}

/** What the list of a ZIP says after the lengths: no comment, the first disk, and where the entry begins. */
function tailOf(at: number): Buffer {
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE(at, 10);
  return tail;
}

function crc(data: Buffer): number {
  let value = ~0;
  for (const byte of data) {
    value ^= byte;
    for (let i = 0; i < 8; i++) value = (value >>> 1) ^ (0xedb88320 & -(value & 1));
  }
  return ~value >>> 0;
}
