import type { VendorModel } from '@parley/contracts';
import {
  adminModelSchema,
  createdConnectionSchema,
  foundServersSchema,
  modelLogSchema,
  modelOverviewSchema,
  testedModelSchema,
  triedConnectionSchema,
  vendorModelListSchema,
  type AdminModel,
  type CreatedConnection,
  type FoundServers,
  type ModelOverview,
  type TestedModel,
  type TriedConnection,
  type UpdateModelRequest,
  type addModelsRequestSchema,
  type connectionInputSchema,
  type createConnectionRequestSchema,
  type createModelRequestSchema,
  type updateConnectionRequestSchema,
} from '@parley/contracts/model-admin';
import type { z } from 'zod';
import { request, requestJson } from './http.ts';

export type ConnectionInput = z.input<typeof connectionInputSchema>;
export type NewConnection = z.input<typeof createConnectionRequestSchema>;
export type ConnectionChange = z.input<typeof updateConnectionRequestSchema>;
export type NewModel = z.input<typeof createModelRequestSchema>;
export type NewModels = z.input<typeof addModelsRequestSchema>;
export type NewOnlineModel = NewConnection['models'][number];
/** What an owner does to the process of a model. */
export type ModelMove = 'replace' | 'release' | 'load';

const ADMIN = '/api/model-admin';
const ofModel = (name: string, rest = '') => `${ADMIN}/models/${encodeURIComponent(name)}${rest}`;
const ofConnection = (id: string, rest = '') => `${ADMIN}/connections/${encodeURIComponent(id)}${rest}`;

export function readOverview(): Promise<ModelOverview> {
  return requestJson(modelOverviewSchema, ADMIN);
}

export async function findServers(): Promise<FoundServers['servers']> {
  const { servers } = await requestJson(foundServersSchema, `${ADMIN}/servers`);
  return servers;
}

/** Asks a vendor or server what it serves, and its first model for one token. Stores nothing. */
export function tryConnection(body: ConnectionInput, signal: AbortSignal): Promise<TriedConnection> {
  return requestJson(triedConnectionSchema, `${ADMIN}/connections/try`, { method: 'POST', body, signal });
}

export function createConnection(body: NewConnection): Promise<CreatedConnection> {
  return requestJson(createdConnectionSchema, `${ADMIN}/connections`, { method: 'POST', body });
}

/** One that is given up while it is tested changes nothing. */
export async function updateConnection(id: string, body: ConnectionChange, signal: AbortSignal): Promise<void> {
  await request(ofConnection(id), { method: 'PATCH', body, signal });
}

/** With its models. */
export async function deleteConnection(id: string): Promise<void> {
  await request(ofConnection(id), { method: 'DELETE' });
}

/** Asks one of them for one token, then stores all. */
export function addModels(connectionId: string, body: NewModels): Promise<ModelOverview> {
  return requestJson(modelOverviewSchema, ofConnection(connectionId, '/models'), { method: 'POST', body });
}

export async function listVendorModels(connectionId: string): Promise<VendorModel[]> {
  const { models } = await requestJson(vendorModelListSchema, ofConnection(connectionId, '/models'));
  return models;
}

export function createModel(body: NewModel): Promise<AdminModel> {
  return requestJson(adminModelSchema, `${ADMIN}/models`, { method: 'POST', body });
}

export function updateModel(name: string, body: UpdateModelRequest): Promise<AdminModel> {
  return requestJson(adminModelSchema, ofModel(name), { method: 'PATCH', body });
}

export async function deleteModel(name: string, { withFile }: { withFile: boolean }): Promise<void> {
  await request(ofModel(name, withFile ? '?with_file=true' : ''), { method: 'DELETE' });
}

export function moveModel(name: string, move: ModelMove): Promise<AdminModel> {
  return requestJson(adminModelSchema, ofModel(name, `/${move}`), { method: 'POST', body: {} });
}

export function testModel(name: string): Promise<TestedModel> {
  return requestJson(testedModelSchema, ofModel(name, '/test'), { method: 'POST', body: {} });
}

export async function readModelLog(name: string): Promise<string[]> {
  const { lines } = await requestJson(modelLogSchema, ofModel(name, '/log'));
  return lines;
}
