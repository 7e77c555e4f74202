import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installDebianPackages, isRootOnDebian } from './install-debian-packages.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_CHROME = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** Path of a Chromium for the browser tests (`PARLEY_CHROMIUM` first), or null. */
export function findChromium(): string | null {
  const named = process.env['PARLEY_CHROMIUM'];
  if (named) return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const paths = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...paths, MAC_CHROME].find(isExecutable) ?? null;
}

/** Finds Chromium; installs Debian's where this is root on Debian. Null, with the reason printed, when there is none. */
export function ensureChromium(): string | null {
  const found = findChromium();
  if (found) return found;
  if (!isRootOnDebian()) {
    console.error(
      'The browser tests need Chromium: install the package "chromium" (or set PARLEY_CHROMIUM to its path).',
    );
    return null;
  }
  console.log('Installing Chromium and a Chinese font for the browser tests …');
  installDebianPackages(['chromium', 'fonts-noto-cjk']);
  const installed = findChromium();
  if (!installed) console.error('The package "chromium" could not be installed; see above.');
  return installed;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
