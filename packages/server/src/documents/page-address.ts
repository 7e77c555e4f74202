import { ParleyError } from '@parley/contracts';

/**
 * An address that a person gave, in the form that browsers give it. Throws `url_refused` for what
 * no fetch would open; whether it leads into a private network is seen when it is fetched.
 */
export function toPageAddress(text: string): string {
  const url = URL.parse(text);
  if (url === null) throw refused('url: must be a whole web address, such as https://example.com/page.');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw refused(`Only http and https addresses can be opened, not ${url.protocol}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw refused('An address with a name or password in it is not opened.');
  }
  return url.href;
}

function refused(sentence: string): ParleyError {
  return new ParleyError('url_refused', sentence, { param: 'url' });
}
