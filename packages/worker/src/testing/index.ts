export * from './fake-controller.ts';
export * from './fake-vendor.ts';
export type { VendorAnswer, VendorRequest } from './vendor-answer.ts';
