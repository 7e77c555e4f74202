/** What a number of days is shown as. */
export type DateKind = 'date' | 'time' | 'moment';

const DAY_MS = 86_400_000;
/** Day 0 such that all days from March 1900 are right; before it, Excel counts a day that never was. */
const DAY_0_OF_1900 = Date.UTC(1899, 11, 30);
const DAY_0_OF_1904 = Date.UTC(1904, 0, 1);
/** The last day of the year 9999. */
const LAST_DAY = 2_958_465;

interface DateStyle {
  kind: DateKind;
  isFrom1904: boolean;
}

/** A number of days as `2024-05-01`, `13:30` or both; null for what is no date. */
export function dateText(days: number, { kind, isFrom1904 }: DateStyle): string | null {
  if (!(days >= 0 && days <= LAST_DAY)) return null;
  if (kind === 'time' && days >= 1) return hoursText(days);
  const moment = new Date(firstMoment(days, isFrom1904) + Math.round((days * DAY_MS) / 1000) * 1000);
  const [date = '', time = ''] = moment.toISOString().split('T');
  const clock = time.slice(0, 8).replace(/:00$/, '');
  if (kind === 'time') return clock;
  return kind === 'date' || days % 1 === 0 ? date : `${date} ${clock}`;
}

function firstMoment(days: number, isFrom1904: boolean): number {
  if (isFrom1904) return DAY_0_OF_1904;
  return days < 60 ? DAY_0_OF_1900 + DAY_MS : DAY_0_OF_1900;
}

/** A duration of more than a day. */
function hoursText(days: number): string {
  const minutes = Math.round(days * 24 * 60);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}
