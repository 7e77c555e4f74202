import { runChild } from './child.ts';
import type { Room } from './plan.ts';

runChild(process.argv[2] as Room);
