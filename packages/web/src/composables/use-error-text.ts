import { ParleyError, type ErrorCode } from '@parley/contracts';
import { useI18n } from 'vue-i18n';

/** The page's own sentence for an error, in the reader's language. */
export function useErrorText() {
  const { t, te } = useI18n();
  const ofCode = (code: ErrorCode) => t(te(`errors.${code}`, 'en') ? `errors.${code}` : 'errors.internal_error');
  const ofThrown = (error: unknown) => ofCode(error instanceof ParleyError ? error.code : 'internal_error');
  return { ofCode, ofThrown };
}
