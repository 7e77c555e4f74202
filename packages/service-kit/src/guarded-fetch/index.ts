export { guardedFetch, type FetchedPage, type FetchLimits, type GuardedFetchOptions } from './guarded-fetch.ts';
export type { Followed } from './follow-redirects.ts';
export { openGuarded, type OpenGuardedOptions } from './open-guarded.ts';
export { isPublicAddress } from './public-address.ts';
export type { ResolveHost } from './resolve-target.ts';
