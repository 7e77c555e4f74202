import { flushCompileCache } from 'node:module';

// Loads the modules named on the command line into the compile cache of this process's flags.
for (const name of process.argv.slice(2)) await import(name);
flushCompileCache();
process.exit(0);
