import type { AddPagesRequest, BaseDocument } from '@parley/contracts';
import { reactive, ref, shallowRef } from 'vue';
import { addPages } from '../../api/base-documents.ts';
import type { NumberField } from '../models/use-model-edit.ts';

/** What the server takes where a field is empty. */
const DEFAULTS = { depth: 2, limit: 50 };

interface Fields {
  url: string;
  extent: AddPagesRequest['extent'];
  depth: NumberField;
  limit: NumberField;
  /** With commas between, as in CSS, or one a line. */
  select: string;
}

/** The form that adds a page, a site, or what a sitemap names. */
export function useAddPages(baseId: () => string, onAdded: (documents: BaseDocument[]) => void) {
  const status = ref<'ready' | 'submitted' | 'error'>('ready');
  const problem = shallowRef<unknown>(null);
  const fields = reactive<Fields>({ url: '', extent: 'page', select: '', ...DEFAULTS });

  async function submit(): Promise<void> {
    status.value = 'submitted';
    problem.value = null;
    const { extent } = fields;
    const select = fields.select.split(/[\n,]/).map((one) => one.trim());
    const [depth, limit] = [fields.depth || DEFAULTS.depth, fields.limit || DEFAULTS.limit];
    try {
      onAdded(
        await addPages(baseId(), { url: toUrl(fields.url), select: select.filter(Boolean), extent, depth, limit }),
      );
      fields.url = '';
      status.value = 'ready';
    } catch (error) {
      problem.value = error;
      status.value = 'error';
    }
  }

  return { fields, defaults: DEFAULTS, status, problem, submit };
}

/** People type addresses as browsers show them. */
function toUrl(typed: string): string {
  const text = typed.trim();
  return /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[^/]+:\d/.test(text) ? text : `https://${text}`;
}
