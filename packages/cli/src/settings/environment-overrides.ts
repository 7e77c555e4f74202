import { z } from 'zod';

type Values = Record<string, unknown>;

/** Variables of this prefix that are no settings. */
const PREFIX = 'PARLEY_';

/**
 * `values` with every `PARLEY_<SECTION>_<NAME>` of the environment put over it. The variables are
 * derived from the schema, so each setting has exactly one. Lists are separated by commas.
 */
export function environmentOverrides(schema: z.ZodObject, values: Values, environment: Readonly<Values>): Values {
  const merged = structuredClone(values);
  for (const { variable, path, leaf } of variablesOf(schema)) {
    const text = environment[variable];
    if (typeof text === 'string' && text !== '') setAt(merged, path, fromText(leaf, text));
  }
  return merged;
}

interface SettingVariable {
  variable: string;
  path: string[];
  leaf: z.ZodType;
}

/** Every setting with the variable that overrides it; lists and maps of more than words are a file's matter only. */
function variablesOf(schema: z.ZodObject, path: string[] = []): SettingVariable[] {
  return Object.entries(schema.shape).flatMap(([name, field]) => {
    const inner = unwrap(field);
    const here = [...path, name];
    if (inner instanceof z.ZodObject) return variablesOf(inner, here);
    if (inner instanceof z.ZodRecord || (inner instanceof z.ZodArray && isComposed(unwrap(inner.element)))) return [];
    return [{ variable: PREFIX + here.join('_').toUpperCase(), path: here, leaf: inner }];
  });
}

function isComposed(element: z.ZodType): boolean {
  return element instanceof z.ZodObject || element instanceof z.ZodDiscriminatedUnion;
}

function unwrap(field: unknown): z.ZodType {
  let current = field;
  while (
    current instanceof z.ZodDefault ||
    current instanceof z.ZodPrefault ||
    current instanceof z.ZodOptional ||
    current instanceof z.ZodNullable ||
    current instanceof z.ZodReadonly
  ) {
    current = current.unwrap();
  }
  return current as z.ZodType;
}

// What cannot be read as its type is handed on as text, so that the schema names what is wrong.
function fromText(leaf: z.ZodType, text: string): unknown {
  if (leaf instanceof z.ZodNumber) return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
  if (leaf instanceof z.ZodBoolean) return { true: true, false: false, 1: true, 0: false }[text.toLowerCase()] ?? text;
  if (leaf instanceof z.ZodArray) return text.split(',').map((item) => item.trim());
  return text;
}

function setAt(target: Values, path: string[], value: unknown): void {
  const [name, ...rest] = path;
  if (name === undefined) return;
  if (rest.length === 0) target[name] = value;
  else {
    const inner = target[name];
    const object: Values = typeof inner === 'object' && inner !== null ? { ...inner } : {};
    target[name] = object;
    setAt(object, rest, value);
  }
}
