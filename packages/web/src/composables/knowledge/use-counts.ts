import { useI18n } from 'vue-i18n';

const UNITS = ['kilobyte', 'megabyte', 'gigabyte'];

/** Figures in the reader's language. */
export function useCounts() {
  const { t, n, locale } = useI18n();

  /** A text with `{count}` in it, in the form that fits the number. */
  const count = (key: string, value: number) => t(key, { count: n(value) }, value);

  /** Of 0 to 100. */
  const percent = (value: number) => n(value / 100, { style: 'percent', maximumFractionDigits: 0 });

  function bytes(size: number | null): string {
    if (size === null) return '';
    const thousands = Math.floor(Math.log10(Math.max(size, 1)) / 3);
    const step = Math.min(Math.max(thousands, 1), UNITS.length);
    // A file of a few bytes is not one of none.
    const value = size === 0 ? 0 : Math.max(0.1, size / 1000 ** step);
    const options = { unit: UNITS[step - 1] ?? 'kilobyte', maximumFractionDigits: value < 10 ? 1 : 0 };
    return new Intl.NumberFormat(locale.value, { ...options, style: 'unit' }).format(value);
  }

  function date(time: number): string {
    const isToday = new Date(time).toDateString() === new Date().toDateString();
    const style: Intl.DateTimeFormatOptions = isToday ? { timeStyle: 'short' } : { dateStyle: 'medium' };
    return new Intl.DateTimeFormat(locale.value, style).format(time);
  }

  return { count, percent, bytes, date };
}
