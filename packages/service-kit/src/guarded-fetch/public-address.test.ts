import { expect, it } from 'vitest';
import { isPublicAddress } from './public-address.ts';

it.each([
  '1.1.1.1',
  '172.32.0.1',
  '100.128.0.1',
  '2606:4700::1111',
  '::ffff:1.1.1.1',
  '64:ff9b::1.1.1.1',
  '64:ff9b::808:0',
])('%s is public', (address) => expect(isPublicAddress(address)).toBe(true));

it.each([
  '',
  'localhost',
  '127.0.0.1',
  '64:ff9b::',
  '64:ff9b::1',
  '::ffff:0.0.0.0',
  '2606:4700::1111%eth0',
  '1.1.1.1 ',
])('%j is not', (address) => expect(isPublicAddress(address)).toBe(false));
