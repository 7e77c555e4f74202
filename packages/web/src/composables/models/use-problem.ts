import { ParleyError, type ErrorCode } from '@parley/contracts';
import { useI18n } from 'vue-i18n';
import { en } from '../../locales/en.ts';
import { useErrorText } from '../use-error-text.ts';

/** Of these the table's sentence says all that there is to say. */
const PLAIN: ReadonlySet<ErrorCode> = new Set([
  'server_unreachable',
  'internal_error',
  'not_signed_in',
  'not_allowed',
  'url_private',
]);

export interface Problem {
  sentence: string;
  /** The server's own words, which may hold the vendor's; null where they say no more. */
  detail: string | null;
}

/** Why something about models failed, for the owners who have to mend it. */
export function useProblem() {
  const errorText = useErrorText();
  const { t } = useI18n();

  return function toProblem(error: unknown): Problem {
    if (!(error instanceof ParleyError) || PLAIN.has(error.code))
      return { sentence: errorText.ofThrown(error), detail: null };
    const isTold = Object.hasOwn(en.modelAdmin.problems, error.code);
    const sentence = isTold ? t(`modelAdmin.problems.${error.code}`) : errorText.ofThrown(error);
    return { sentence, detail: error.message === sentence ? null : error.message };
  };
}
