export * from './fake-controller.ts';
export * from './fake-vendor.ts';
export type { TextAnswer, VendorAnswer, VendorRequest } from './vendor-answer.ts';
export { fakeVector } from './vendor-texts.ts';
