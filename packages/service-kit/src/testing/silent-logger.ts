import { createLogger } from '../logger.ts';

/** A logger for tests: says nothing. */
export const silentLogger = () => createLogger('test', 'silent');
