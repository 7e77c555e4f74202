import { ParleyError, type ModelPurpose } from '@parley/contracts';

/** The one model of a worker: its name, and what it is for. */
export interface ServedModel {
  name: string;
  purpose: ModelPurpose;
}

const KINDS: Record<ModelPurpose, string> = {
  chat: 'a chat model',
  embedding: 'an embedding model',
  rerank: 'a reranking model',
};
const ACTS: Record<ModelPurpose, string> = {
  chat: 'answer chats',
  embedding: 'make embeddings',
  rerank: 'rank texts',
};

/** Throws `model_not_found` for another model, and `invalid_request` for something that this one is not for. */
export function refuseOtherModel({ name, purpose }: ServedModel, asked: string, wanted: ModelPurpose): void {
  if (asked !== name) {
    throw new ParleyError('model_not_found', `This worker serves ${name}, not ${asked}.`, { param: 'model' });
  }
  if (purpose === wanted) return;
  throw new ParleyError('invalid_request', `${name} is ${KINDS[purpose]}; it does not ${ACTS[wanted]}.`, {
    param: 'model',
  });
}
