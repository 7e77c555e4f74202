import { useI18n } from 'vue-i18n';

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];

/** Figures in the reader's language. */
export function useCounts() {
  const { t, n, locale } = useI18n();

  /** A text with `{count}` in it, in the form that fits the number. */
  const count = (key: string, value: number) => t(key, { count: n(value) }, value);

  function bytes(size: number | null): string {
    if (size === null) return '';
    const step = Math.min(UNITS.length - 1, Math.floor(Math.log(Math.max(size, 1)) / Math.log(1000)));
    const value = size / 1000 ** step;
    const options = {
      style: 'unit',
      unit: UNITS[step] ?? 'byte',
      maximumFractionDigits: value < 10 && step > 0 ? 1 : 0,
    };
    return new Intl.NumberFormat(locale.value, { ...options, style: 'unit' }).format(value);
  }

  function date(time: number): string {
    const isToday = new Date(time).toDateString() === new Date().toDateString();
    const style: Intl.DateTimeFormatOptions = isToday ? { timeStyle: 'short' } : { dateStyle: 'medium' };
    return new Intl.DateTimeFormat(locale.value, style).format(time);
  }

  return { count, bytes, date };
}
