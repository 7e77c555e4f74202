// A fake child for tests: does in its start what the `script` of its settings says, one step after the
// other, and stays. Its script may name a file that counts starts: each start takes the next script.
import { appendFileSync, readFileSync } from 'node:fs';

process.on('message', ({ type, config }) => {
  if (type === 'start') void play(config);
  if (type === 'stop') process.exit(0);
});
process.on('disconnect', () => process.exit(0));

async function play({ scripts, counter }) {
  appendFileSync(counter, '.');
  const start = readFileSync(counter, 'utf8').length - 1;
  for (const step of scripts[Math.min(start, scripts.length - 1)]) await act(step);
}

async function act({ send, print, write, crash, exit, pause }) {
  if (send) process.send(send);
  if (print) console.log(print);
  if (write) process.stdout.write(write);
  if (pause) await new Promise((resolve) => setTimeout(resolve, pause));
  if (crash) process.kill(process.pid, crash);
  // Killed by a signal, it may live on for a moment.
  if (crash) await new Promise(() => {});
  if (exit !== undefined) process.exit(exit);
}
