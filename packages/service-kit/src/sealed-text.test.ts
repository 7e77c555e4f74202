import { describe, expect, it } from 'vitest';
import { openText, sealText } from './sealed-text.ts';

const here = { secret: 'the-secret-of-this-installation', purpose: 'key of connection 1' };
const failure = expect.objectContaining({
  code: 'storage_failed',
  message: expect.stringContaining('cannot be opened with the secret of this installation'),
});

describe('sealed text', () => {
  it.each(['sk-0123456789', '', '密钥 🔑', 'x'.repeat(4096)])('opens to what it was: %j', (text) => {
    expect(openText(sealText(text, here), here)).toBe(text);
  });

  it('says nothing of the text, and is never the same twice', () => {
    const [one, other] = [sealText('sk-visible', here), sealText('sk-visible', here)];
    expect(one).not.toBe(other);
    expect(one).toMatch(/^v1\.[\w-]+\.[\w-]+$/);
    expect(Buffer.from(one.split('.')[2]!, 'base64url').toString('latin1')).not.toContain('visible');
  });

  it.each([
    ['the secret of another installation', { ...here, secret: 'the-secret-of-another-one' }],
    ['another purpose', { ...here, purpose: 'key of connection 2' }],
  ])('does not open with %s', (_what, options) => {
    const sealed = sealText('sk-0123456789', here);
    expect(() => openText(sealed, options)).toThrow(failure);
  });

  it('does not open when it was changed, cut, or is something else', () => {
    const sealed = sealText('sk-0123456789', here);
    const [version, nonce = '', body = ''] = sealed.split('.');
    const turned = body.startsWith('A') ? `B${body.slice(1)}` : `A${body.slice(1)}`;
    const wrong = [`${version}.${nonce}.${turned}`, `v2.${nonce}.${body}`, `${version}.${nonce}.${body.slice(0, 8)}`];
    for (const text of [...wrong, `${sealed}.x`, `${version}..${body}`, 'sk-0123456789', '']) {
      expect(() => openText(text, here)).toThrow(failure);
    }
  });
});
