/** What a shell sees of a program whose output nobody reads any more: 128 and the number of SIGPIPE. */
const READER_GONE = 141;

/** Ends the command without a word once whoever read its output has left, as `head` does. */
export function endWithReader(): void {
  for (const output of [process.stdout, process.stderr]) {
    output.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit(READER_GONE);
    });
  }
}
