// A child for tests that asks the launcher through the real client and reports how that ended.
import { HostClient } from '../launcher/host-client.ts';

const client = new HostClient(process);
process.on('message', async ({ ask }) => {
  if (!ask) return;
  const outcome = await client.ask(ask).then(
    (reply) => ({ reply }),
    ({ code, message }) => ({ code, message }),
  );
  process.send({ type: 'outcome', outcome });
});
