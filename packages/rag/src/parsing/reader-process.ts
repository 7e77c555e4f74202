import { setPriority } from 'node:os';
import type { Formats } from '../documents/formats/format.ts';
import { lockNetwork } from './lock-network.ts';
import { serveReads } from './serve-reads.ts';

/** Below the server, which shares the cores: people who wait for an answer come first. */
const PRIORITY = 10;

// The entry of a reader process: the one file here that does something when it is loaded.
setPriority(PRIORITY);
lockNetwork();
const formatsModule = String(process.argv[2]);
serveReads(process, () => import(formatsModule) as Promise<Formats>);
