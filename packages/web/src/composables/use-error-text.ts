import { ParleyError, type ErrorCode } from '@parley/contracts';
import { useI18n } from 'vue-i18n';
import { en } from '../locales/en.ts';

/** The page's own sentence for an error, in the reader's language. */
export function useErrorText() {
  const { t } = useI18n();
  const ofCode = (code: ErrorCode) => t(`errors.${Object.hasOwn(en.errors, code) ? code : 'internal_error'}`);
  const ofThrown = (error: unknown) => ofCode(error instanceof ParleyError ? error.code : 'internal_error');
  return { ofCode, ofThrown };
}
