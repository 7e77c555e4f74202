import { FakeServer, type FakeServerOptions } from './fake-server.ts';

// node packages/web/dev/start-fake-server.ts [set-up|one-click|password|signed-in]
const signIn = process.argv[2] as FakeServerOptions['signIn'];
new FakeServer(signIn ? { signIn } : {}).http.listen(8000, '127.0.0.1');
process.stdout.write('FAKE server at http://127.0.0.1:8000; now: npx vite packages/web\n');
