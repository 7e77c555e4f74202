// JavaScript, so that a process whose code comes from the compile cache never loads the type stripper.
import { runChild } from './child.ts';

runChild(process.argv[2]);
