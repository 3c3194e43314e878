/** Dates as Swedes write them. */

const pad = (n: string): string => n.padStart(2, "0");

/** Whether there is such a day. */
function exists(year: string, month: string, day: string): boolean {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

/** Reads 2013-05-28, 20130528, 28/5 2013 or 28.5.2013 as 2013-05-28; `undefined` when it is no date. */
export function readDate(text: string): string | undefined {
  const clean = text.trim();
  const iso = /^(\d{4})-?(\d{2})-?(\d{2})(?:[ T]00:00(?::00)?)?$/.exec(clean);
  const swedish = /^(\d{1,2})(?:\/(\d{1,2})[ /-]|\.(\d{1,2})\.)(\d{4})$/.exec(clean);
  const [year = "", month = "", day = ""] = iso ? iso.slice(1) : swedish ? [swedish[4] ?? "", swedish[2] ?? swedish[3] ?? "", swedish[1] ?? ""] : [];
  return year !== "" && exists(year, month, day) ? `${year}-${pad(month)}-${pad(day)}` : undefined;
}
