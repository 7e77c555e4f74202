export { guardedFetch, type FetchedPage, type FetchLimits, type GuardedFetchOptions } from './guarded-fetch.ts';
export { isPublicAddress } from './public-address.ts';
export type { ResolveHost } from './resolve-target.ts';
