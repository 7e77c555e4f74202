export { formatFor, isArchive } from './choose-format.ts';
export type { ArchiveEntry, FileToRead, Format, Formats, ParseContext, ParseLimits } from './format.ts';
export { unpackArchive } from './zip/unpack-archive.ts';
