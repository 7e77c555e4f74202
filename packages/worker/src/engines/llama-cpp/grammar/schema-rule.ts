import { ParleyError } from '@parley/contracts';
import { anyRule, integerRule, listOf, numberRule, objectRule, stringRule } from './json-values.ts';
import { literal, SPACE, type RuleBook } from './rule-book.ts';

type Schema = Record<string, unknown>;

const DEEPEST = 64;

/** Where `$ref` leads, and which of them have a rule already. */
export interface SchemaScope {
  rules: RuleBook;
  root: unknown;
  named: Map<string, string>;
  depth: number;
}

export function schemaScope(rules: RuleBook, root: unknown): SchemaScope {
  return { rules, root, named: new Map(), depth: 0 };
}

/**
 * The rule for JSON texts of a schema. Types, objects, lists, choices, constants and references are
 * kept to; what a grammar cannot say (patterns, formats, bounds of numbers) is left to the model.
 */
export function schemaRule(schema: unknown, outer: SchemaScope): string {
  const scope = { ...outer, depth: outer.depth + 1 };
  if (scope.depth > DEEPEST) throw new ParleyError('invalid_request', 'The JSON schema is nested too deeply.');
  if (!isSchema(schema)) return anyRule(scope.rules);
  const { $ref: reference, allOf } = schema;
  if (typeof reference === 'string') return referenceRule(reference, scope);
  if ('const' in schema) return choice([schema['const']], scope);
  if (Array.isArray(schema['enum'])) return choice(schema['enum'], scope);
  const choices = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(choices) && choices.length > 0) {
    return scope.rules.add(choices.map((one) => schemaRule(one, scope)).join(' | '));
  }
  if (Array.isArray(allOf) && allOf.length > 0) return schemaRule(joined(schema, allOf), scope);
  return typeRule(schema, scope);
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
  const properties = Object.entries(isSchema(schema['properties']) ? schema['properties'] : {});
  if (properties.length === 0) return objectRule(scope.rules);
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
  const members = properties.map(([name, value]) => ({
    rule: scope.rules.add(`${literal(JSON.stringify(name))} ${SPACE} ":" ${SPACE} ${schemaRule(value, scope)}`),
    isRequired: required.has(name),
  }));
  return scope.rules.add(`"{" ${SPACE} ${membersFrom(members, scope.rules)} ${SPACE} "}"`);
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
  return rules.add(values.map((value) => literal(JSON.stringify(value))).join(' | '));
}

function referenceRule(reference: string, scope: SchemaScope): string {
  const known = scope.named.get(reference);
  if (known !== undefined) return known;
  const name = scope.rules.reserve();
  scope.named.set(reference, name);
  scope.rules.define(name, schemaRule(referred(reference, scope.root), { ...scope, depth: 0 }));
  return name;
}

function referred(reference: string, root: unknown): unknown {
  const path = /^#(?:\/(.*))?$/.exec(reference);
  const found = path && (path[1]?.split('/') ?? []).reduce<unknown>(stepInto, root);
  if (isSchema(found)) return found;
  throw new ParleyError('invalid_request', `The JSON schema refers to ${reference}, which it does not have.`);
}

function stepInto(at: unknown, part: string): unknown {
  const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
  return isSchema(at) && Object.hasOwn(at, key) ? at[key] : undefined;
}

function joined(schema: Schema, parts: readonly unknown[]): Schema {
  const { allOf: _, ...own } = schema;
  const all = [own, ...parts.filter(isSchema)];
  return {
    ...Object.assign({}, ...all),
    properties: Object.assign({}, ...all.map((part) => asSchema(part['properties']))),
    required: all.flatMap((part) => asList(part['required'])),
  };
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
