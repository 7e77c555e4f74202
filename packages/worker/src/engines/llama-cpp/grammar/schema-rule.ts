import { ParleyError } from '@parley/contracts';
import { anyRule, integerRule, listOf, numberRule, objectRule, stringRule } from './json-values.ts';
import { literal, SPACE, type RuleBook } from './rule-book.ts';

type Schema = Record<string, unknown>;

const DEEPEST = 128;
/** Of an enum or an object: llama.cpp tries each of them for each token, and the neighbours wait. */
const MOST_CHOICES = 1000;
/** A few references that are joined with one another could ask for more than anybody waits for. */
const MOST_STEPS = 5000;
/** What a schema must have one of to say more than its name. */
const SAYING = new Set(['$ref', 'const', 'enum', 'anyOf', 'oneOf', 'allOf', 'type', 'properties', 'required', 'items']);

/** Where `$ref` leads, and the rules of the schemas that were read already. */
export interface SchemaScope {
  rules: RuleBook;
  root: unknown;
  known: Map<Schema, KnownSchema>;
  steps: { left: number };
  depth: number;
}

interface KnownSchema {
  /** Null while the schema is being read. */
  rule: string | null;
  /** Its name, where it was referred to meanwhile. */
  name: string | null;
}

export function schemaScope(rules: RuleBook, root: unknown): SchemaScope {
  return { rules, root, known: new Map(), steps: { left: MOST_STEPS }, depth: 0 };
}

/**
 * The rule for JSON texts of a schema. Types, objects, lists, choices, constants and references are
 * kept to; what a grammar cannot say (patterns, formats, bounds of numbers) is left to the model.
 */
export function schemaRule(schema: unknown, outer: SchemaScope): string {
  const scope = stepInto(outer);
  if (!isSchema(schema)) return anyRule(scope.rules);
  const known = scope.known.get(schema);
  // Within itself only its name can stand.
  if (known) return known.rule ?? (known.name ??= scope.rules.reserve());
  const reading: KnownSchema = { rule: null, name: null };
  scope.known.set(schema, reading);
  const rule = readRule(schema, scope);
  if (reading.name !== null) scope.rules.define(reading.name, rule);
  return (reading.rule = reading.name ?? rule);
}

function stepInto(scope: SchemaScope): SchemaScope {
  scope.steps.left -= 1;
  if (scope.depth < DEEPEST && scope.steps.left > 0) return { ...scope, depth: scope.depth + 1 };
  throw new ParleyError('invalid_request', 'The JSON schema is too large, or nested too deeply.');
}

function readRule(schema: Schema, scope: SchemaScope): string {
  const { $ref: reference, anyOf, oneOf, allOf, ...own } = schema;
  if (typeof reference === 'string') return schemaRule(referred(reference, scope.root), scope);
  if ('const' in schema) return choice([schema['const']], scope);
  if (Array.isArray(schema['enum'])) return choice(schema['enum'], scope);
  const choices = asList(anyOf ?? oneOf);
  if (choices.length > 0) {
    const rest = asList(allOf);
    const alternatives = choices.map((one) => joinedRule([own, ...rest, one], scope));
    return scope.rules.add(alternatives.join(' | '));
  }
  return Array.isArray(allOf) ? joinedRule([own, ...allOf], scope) : typeRule(schema, scope);
}

function typeRule(schema: Schema, scope: SchemaScope): string {
  const type = schema['type'] ?? impliedType(schema);
  if (Array.isArray(type)) {
    return scope.rules.add(type.map((one: unknown) => schemaRule({ ...schema, type: one }, scope)).join(' | '));
  }
  const make = typeof type === 'string' ? RULES[type] : undefined;
  return make ? make(schema, scope) : anyRule(scope.rules);
}

const RULES: Partial<Record<string, (schema: Schema, scope: SchemaScope) => string>> = {
  object: objectOf,
  array: arrayOf,
  string: (schema, { rules }) =>
    stringRule(rules, wholeNumber(schema['minLength']) ?? 0, wholeNumber(schema['maxLength'])),
  integer: (_, { rules }) => integerRule(rules),
  number: (_, { rules }) => numberRule(rules),
  boolean: () => '( "true" | "false" )',
  null: () => '"null"',
};

/** Properties in their order; those that are not required may be left out. */
function objectOf(schema: Schema, scope: SchemaScope): string {
  const properties = Object.entries(asSchema(schema['properties']));
  if (properties.length === 0) return unnamedOf(schema, scope);
  if (properties.length > MOST_CHOICES) {
    throw new ParleyError('invalid_request', `An object of the JSON schema has more than ${MOST_CHOICES} properties.`);
  }
  const required = new Set(asList(schema['required']));
  const members = properties.map(([name, value]) => ({
    rule: scope.rules.add(`${literal(JSON.stringify(name))} ${SPACE} ":" ${SPACE} ${schemaRule(value, scope)}`),
    isRequired: required.has(name),
  }));
  return scope.rules.add(`"{" ${SPACE} ${membersFrom(members, scope.rules)} ${SPACE} "}"`);
}

/** An object of which the schema names no property: whatever others it allows. */
function unnamedOf({ additionalProperties: others, patternProperties }: Schema, scope: SchemaScope): string {
  if (others === false && patternProperties === undefined) return `"{" ${SPACE} "}"`;
  return objectRule(scope.rules, isSchema(others) ? schemaRule(others, scope) : anyRule(scope.rules));
}

interface Member {
  rule: string;
  isRequired: boolean;
}

// Built from the end: what may follow when something was written already, and when nothing was.
function membersFrom(members: readonly Member[], rules: RuleBook): string {
  let afterSome = '""';
  let afterNone = '""';
  for (const { rule, isRequired } of members.toReversed()) {
    const first = `${rule} ${afterSome}`;
    const next = `${SPACE} "," ${SPACE} ${rule} ${afterSome}`;
    [afterNone, afterSome] = [
      rules.add(isRequired ? first : `${first} | ${afterNone}`),
      rules.add(isRequired ? next : `${next} | ${afterSome}`),
    ];
  }
  return afterNone;
}

function arrayOf(schema: Schema, scope: SchemaScope): string {
  const least = wholeNumber(schema['minItems']) ?? 0;
  const most = wholeNumber(schema['maxItems']);
  const item = schemaRule(schema['items'] ?? true, scope);
  return scope.rules.add(listOf(item, '[]', { least, ...(most !== null && { most: Math.max(least, most) }) }));
}

function choice(values: readonly unknown[], { rules }: SchemaScope): string {
  if (values.length > 0 && values.length <= MOST_CHOICES) {
    return rules.add(values.map((value) => literal(JSON.stringify(value))).join(' | '));
  }
  throw new ParleyError('invalid_request', `An enum of the JSON schema must have 1 to ${MOST_CHOICES} values.`);
}

function referred(reference: string, root: unknown): Schema {
  const path = /^#(?:\/(.*))?$/.exec(reference);
  const found = path && (path[1]?.split('/') ?? []).reduce<unknown>(partOf, root);
  if (isSchema(found)) return found;
  throw new ParleyError('invalid_request', `The JSON schema refers to ${reference}, which it does not have.`);
}

function partOf(at: unknown, part: string): unknown {
  const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
  return isSchema(at) && Object.hasOwn(at, key) ? at[key] : undefined;
}

/** The rule for what all of these say together. */
function joinedRule(parts: readonly unknown[], scope: SchemaScope): string {
  const saying = parts.filter(isSchema).filter((part) => Object.keys(part).some((key) => SAYING.has(key)));
  if (saying.length < 2) return schemaRule(saying[0], scope);
  return readRule(joined(saying.map((part) => resolved(part, scope))), stepInto(scope));
}

function joined(parts: readonly Schema[]): Schema {
  const allOf = parts.flatMap((part) => asList(part['allOf']));
  const required = parts.flatMap((part) => asList(part['required']));
  const properties: Schema = Object.assign({}, ...parts.map((part) => asSchema(part['properties'])));
  const isObject = required.length > 0 || Object.keys(properties).length > 0;
  return {
    ...Object.assign({}, ...parts),
    ...(allOf.length > 0 && { allOf }),
    ...(isObject && { required, properties }),
  };
}

function resolved(part: Schema, scope: SchemaScope): Schema {
  const { $ref: reference } = part;
  return typeof reference === 'string' ? resolved(referred(reference, scope.root), stepInto(scope)) : part;
}

function impliedType(schema: Schema): string | null {
  if ('properties' in schema) return 'object';
  return 'items' in schema ? 'array' : null;
}

function wholeNumber(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 10_000 ? value : null;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asSchema(value: unknown): Schema {
  return isSchema(value) ? value : {};
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
