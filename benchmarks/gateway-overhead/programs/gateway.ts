import { startGateway } from '@parley/gateway';
import { serveParent } from '../../processes/serve-parent.ts';

await serveParent(async ({ secret, controller }: { secret: string; controller: string }) => {
  return startGateway({ port: 0, secret, controller_url: controller, log_level: 'warn' });
});
