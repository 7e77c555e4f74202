import type { AddPagesRequest, BaseDocument } from '@parley/contracts';
import { reactive, ref } from 'vue';
import { addPages } from '../../api/base-documents.ts';
import { useErrorText } from '../use-error-text.ts';

type Fields = Required<Pick<AddPagesRequest, 'url' | 'extent' | 'depth' | 'limit'>> & {
  /** With commas between, as in CSS, or one a line. */
  select: string;
};

/** The form that adds a page, a site, or what a sitemap names. */
export function useAddPages(baseId: () => string, onAdded: (documents: BaseDocument[]) => void) {
  const errorText = useErrorText();
  const status = ref<'ready' | 'submitted' | 'error'>('ready');
  const problem = ref('');
  const fields = reactive<Fields>({
    url: '',
    extent: 'page',
    select: '',
    depth: 2,
    limit: 50,
  });

  async function submit(): Promise<void> {
    status.value = 'submitted';
    const { extent, depth, limit } = fields;
    const select = fields.select.split(/[\n,]/).map((one) => one.trim());
    try {
      onAdded(
        await addPages(baseId(), { url: toUrl(fields.url), select: select.filter(Boolean), extent, depth, limit }),
      );
      fields.url = '';
      status.value = 'ready';
    } catch (error) {
      problem.value = errorText.ofThrown(error);
      status.value = 'error';
    }
  }

  return { fields, status, problem, submit };
}

/** People type addresses as browsers show them. */
function toUrl(typed: string): string {
  const text = typed.trim();
  return /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[^/]+:\d/.test(text) ? text : `https://${text}`;
}
