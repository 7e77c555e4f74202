export { collect } from './collect.ts';
export { endOf, ScriptedCompletion } from './scripted-completion.ts';
