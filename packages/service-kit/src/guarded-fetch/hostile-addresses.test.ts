import { describe, expect, it } from 'vitest';
import { guardedFetch } from './guarded-fetch.ts';
import type { HostAddress, ResolveHost } from './resolve-target.ts';

const mediaTypes = ['text/html'];
const at = (...addresses: string[]): ResolveHost => {
  const answers: HostAddress[] = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  return async () => answers;
};
/** Whoever is refused for how the address looks is not even looked up. */
const nobody: ResolveHost = async (hostname) => {
  throw new Error(`looked up ${hostname}`);
};
const codeOf = (address: string, resolveHost: ResolveHost) =>
  guardedFetch(address, { mediaTypes, resolveHost }).then(
    () => 'opened',
    ({ code }: { code: string }) => code,
  );

describe('an address that stands for a private machine is refused without a look-up', () => {
  it.each([
    'http://127.0.0.1/',
    'http://127.0.0.1:8000/api/session',
    'http://127.1/',
    'http://127.0.0.1./',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://017700000001/',
    'http://0/',
    'http://0.0.0.0:8000/',
    'http://１２７.０.０.１/',
    'http://127。0。0。1/',
    'http://①②⑦.⓪.⓪.①/',
    'http://%31%32%37.0.0.1/',
    'http:\\\\127.0.0.1\\',
    'http:127.0.0.1',
    'http://10.0.0.1/',
    'http://172.16.0.1/',
    'http://172.31.255.255/',
    'http://192.168.1.1/',
    'http://100.64.0.1/',
    'http://100.100.100.200/latest/meta-data/',
    'http://169.254.169.254/latest/meta-data/',
    'http://2852039166/latest/meta-data/',
    'http://0xA9FEA9FE/',
    'http://168.63.129.16/metadata',
    'http://192.0.0.192/',
    'http://198.18.0.1/',
    'http://224.0.0.1/',
    'http://240.0.0.1/',
    'http://255.255.255.255/',
    'http://[::1]/',
    'http://[::]/',
    'http://[0:0:0:0:0:0:0:1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[::127.0.0.1]/',
    'http://[::ffff:0:127.0.0.1]/',
    'http://[64:ff9b::127.0.0.1]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[64:ff9b:1::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://[2001:0:7f00:1::]/',
    'http://[2001:db8::1]/',
    'http://[fc00::1]/',
    'http://[fd00:ec2::254]/latest/meta-data/',
    'http://[fe80::1]/',
    'http://[fec0::1]/',
    'http://[ff02::1]/',
    'http://[100::1]/',
    'http://[5f00::1]/',
  ])('%s', async (address) => {
    expect(await codeOf(address, nobody)).toBe('url_private');
  });
});

describe('what is no plain web address is refused', () => {
  it.each([
    'file:///etc/passwd',
    'ftp://example.com/',
    'gopher://127.0.0.1:6379/_FLUSHALL',
    'data:text/html,hello',
    'javascript:alert(1)',
    'unix:/var/run/docker.sock',
    'http://user:password@example.com/',
    'http://example.com@127.0.0.1/',
    'https://127.0.0.1%00.example.com/',
    'http://[fe80::1%25eth0]/',
    'http://[::1',
    'http://1.2.3.4.5.6.7.8.9.999/',
    'http://256.256.256.256/',
    'http://example.com:22/',
    'http://example.com:25/',
    'http://example.com:99999/',
    '//example.com/',
    'example.com',
    '',
  ])('%j', async (address) => {
    expect(await codeOf(address, nobody)).toBe('url_refused');
  });
});

describe('a name is judged by every address that it stands for', () => {
  it.each([
    ['http://localhost/', ['127.0.0.1']],
    ['http://localhost./', ['::1']],
    ['http://internal.example/', ['10.1.2.3']],
    ['http://two-faces.example/', ['1.1.1.1', '192.168.0.10']],
    ['http://six.example/', ['2606:4700::1111', 'fd00::1']],
    ['http://mapped.example/', ['::ffff:10.0.0.1']],
    ['http://zone.example/', ['fe80::1%eth0']],
    ['http://nat64.example/', ['64:ff9b::10.0.0.1']],
    ['http://bücher.example/', ['127.0.0.1']],
    ['http://nonsense.example/', ['not an address']],
  ])('%s at %j', async (address, addresses) => {
    expect(await codeOf(address, at(...addresses))).toBe('url_private');
  });

  it('and is unreachable when it stands for none', async () => {
    expect(await codeOf('http://nobody.example/', at())).toBe('url_unreachable');
    expect(await codeOf('http://nobody.example/', nobody)).toBe('url_unreachable');
  });
});
