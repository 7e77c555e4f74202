import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadSettings } from '../settings/load-settings.ts';
import { english } from '../terminal/messages.en.ts';
import { rag } from './rag.ts';

it('refuses a history that cannot be kept before anything is read or asked', async () => {
  const root = mkdtempSync(join(tmpdir(), 'parley-rag-'));
  const context = { root, say: english, loaded: loadSettings({ root, environment: {}, say: english }) };
  const history = join(root, 'missing/history.json');
  const asked = rag(context, ['no-such-file.md'], { ask: 'q', history });
  await expect(asked).rejects.toThrow(english.eval.cannotWrite(history));
  rmSync(root, { recursive: true });
});
