import { expect, it } from 'vitest';
import { scanPage } from './scan-page.ts';

const hrefs = (html: string) => scanPage(html, 'https://example.com/docs/a.html').links.map(({ href }) => href);

it('finds links whatever their spelling, resolved against the base', () => {
  const html = `<base href="/guide/"><A HREF='b'>x</A><a class=c href=/d?x=1&amp;y=2>x</a><a
    data-x="1" href = "&#x2F;e">x</a><area href="f"><a name="g">no</a><abbr href="no">`;
  expect(hrefs(html)).toEqual([
    'https://example.com/guide/b',
    'https://example.com/d?x=1&y=2',
    'https://example.com/e',
    'https://example.com/guide/f',
  ]);
});

it('finds none in comments, scripts and styles', () => {
  expect(
    hrefs('<!-- <a href="/a"> --><script>"<a href=/b>"</script><style><a href="/c"></style><!-- <a href="/d">'),
  ).toEqual([]);
});

it('takes only addresses of pages', () => {
  const bad = [
    'javascript:void(0)',
    'data:text/html,x',
    '/a.png',
    '/b.zip?x',
    'https://user:pass@example.com/',
    `/${'x'.repeat(2_000)}`,
  ];
  expect(hrefs(bad.map((href) => `<a href="${href}">x</a>`).join(''))).toEqual([]);
});

it.each([
  ['tags without an end', '<a href="'.repeat(200_000)],
  ['attributes without an end', `<a ${'x="'.repeat(400_000)}`],
  ['comments without an end', '<!--'.repeat(400_000)],
  ['scripts without an end', '<script'.repeat(200_000)],
  ['blanks', `<a ${' '.repeat(2_000_000)}`],
  ['entities', `<a href="${'&#'.repeat(1_900)}">`.repeat(500)],
])('looks through a page of %s in little time', (_, html) => {
  const start = performance.now();
  scanPage(html, 'https://example.com/');
  expect(performance.now() - start).toBeLessThan(5_000);
});
