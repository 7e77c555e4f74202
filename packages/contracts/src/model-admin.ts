// Apart from the index: building these schemas takes half a megabyte, and of the processes only the
// server parses by them. Their types are in the index too.
export * from './models/model-administration.ts';
export * from './models/model-downloads.ts';
