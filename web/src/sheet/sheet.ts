/** A sheet of a spreadsheet file: its cells as words, and what is wrong in some of them. */
export interface Sheet {
  name: string;
  cells: string[][];
  /** Cells that the spreadsheet could not compute: where, and what it shows instead. */
  faults: { at: string; text: string }[];
  /** Whether its figures have a decimal comma for certain. */
  exact: boolean;
}

/** Why a file gives no cells. */
export class NoSheet extends Error {
  constructor(readonly why: "xls" | "other" | "damaged" | "locked" | "empty") {
    super(why);
  }
}

/** The name of a column in a spreadsheet: A, B … Z, AA. */
export function columnLetters(index: number): string {
  let letters = "";
  for (let n = index + 1; n > 0; n = Math.floor((n - 1) / 26)) letters = String.fromCharCode(65 + ((n - 1) % 26)) + letters;
  return letters;
}
