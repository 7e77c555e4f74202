export * from './free-port.ts';
export * from './silent-logger.ts';
export * from './collect.ts';
export * from './wait-until.ts';
export * from './make-gguf.ts';
export * from './recording-logger.ts';
