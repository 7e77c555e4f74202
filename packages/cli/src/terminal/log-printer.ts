/** Prints the children's JSON log lines to standard error: readable on a terminal, untouched elsewhere. */
export async function createLogPrinter(): Promise<(line: string) => void> {
  if (!process.stderr.isTTY) return (line) => console.error(line);
  const { default: pretty } = await import('pino-pretty');
  const format = pretty.prettyFactory({
    colorize: true,
    singleLine: true,
    ignore: 'pid,hostname,service',
    translateTime: 'HH:MM:ss',
    messageFormat: '{service}: {msg}',
  });
  return (line) => process.stderr.write(format(line));
}
