import { MIN_PASSWORD_LENGTH, ParleyError } from '@parley/contracts';
import { computed, reactive, ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { useSession } from '../stores/session.ts';
import { useErrorText } from './use-error-text.ts';

/** The form that sets one's password; `onDone` is called when it is set. */
export function usePasswordForm(onDone: () => void) {
  const { t } = useI18n();
  const errorText = useErrorText();
  const session = useSession();
  const hasPassword = computed(() => session.state?.account?.has_password ?? false);
  const fields = reactive({ current: '', password: '', repeated: '' });
  const status = ref<'ready' | 'submitted' | 'error'>('ready');
  const problem = ref('');

  function fault(): string | null {
    if (hasPassword.value && fields.current === '') return t('password.currentMissing');
    if (fields.password.length < MIN_PASSWORD_LENGTH) return t('password.tooShort', { count: MIN_PASSWORD_LENGTH });
    return fields.password === fields.repeated ? null : t('password.different');
  }

  function fail(reason: string): void {
    status.value = 'error';
    problem.value = reason;
  }

  async function submit(): Promise<void> {
    const reason = fault();
    if (reason !== null) return fail(reason);
    status.value = 'submitted';
    try {
      const { current, password } = fields;
      await session.changePassword({ ...(hasPassword.value && { current_password: current }), password });
      status.value = 'ready';
      onDone();
    } catch (error) {
      const isWrong = error instanceof ParleyError && error.code === 'wrong_credentials';
      fail(
        isWrong
          ? t(hasPassword.value ? 'password.currentWrong' : 'password.currentMissing')
          : errorText.ofThrown(error),
      );
      // Another tab may have set one: the field for it should be there now.
      await session.refresh().catch(() => undefined);
    }
  }

  return { fields, status, problem, hasPassword, submit };
}
