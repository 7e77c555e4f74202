import pretty from 'pino-pretty';

/** Prints the children's JSON log lines to standard error: readable on a terminal, untouched elsewhere. */
export function createLogPrinter(): (line: string) => void {
  if (!process.stderr.isTTY) return (line) => console.error(line);
  const format = pretty.prettyFactory({
    colorize: true,
    singleLine: true,
    ignore: 'pid,hostname,service',
    translateTime: 'HH:MM:ss',
    messageFormat: '{service}: {msg}',
  });
  return (line) => process.stderr.write(format(line));
}
