import { ParleyError, type Judgement } from '@parley/contracts';
import { documentNotFound, type BaseAccess } from './base-access.ts';
import type { JudgementsRepository } from './judgements.repository.ts';

export type NewJudgement = Pick<Judgement, 'query' | 'document_id' | 'start' | 'end' | 'grade'>;

export interface JudgementsServiceOptions {
  access: Pick<BaseAccess, 'requireBase' | 'requireDocument'>;
  judgements: JudgementsRepository;
  now: () => number;
  newId: () => string;
}

/**
 * The judged set of a base. It is its editors' matter alone: a thumb on an answer puts somebody's
 * question into it, which is not for everybody who may read the base.
 */
export class JudgementsService {
  readonly #options: JudgementsServiceOptions;

  constructor(options: JudgementsServiceOptions) {
    this.#options = options;
  }

  async list(userId: string, baseId: string): Promise<{ judgements: Judgement[] }> {
    await this.#options.access.requireBase(userId, baseId, 'editor');
    return { judgements: await this.#options.judgements.list(baseId) };
  }

  async pin(userId: string, baseId: string, judgement: NewJudgement): Promise<Judgement> {
    const { access, judgements, now, newId } = this.#options;
    await access.requireBase(userId, baseId, 'editor');
    const { document } = await access.requireDocument(userId, judgement.document_id, 'reader');
    if (document.base_id !== baseId) throw documentNotFound();
    if (judgement.start >= judgement.end) {
      throw new ParleyError('invalid_request', 'end: must be greater than start.', { param: 'end' });
    }
    const view = { id: newId(), ...judgement, origin: 'pin' as const, created_at: now() };
    await judgements.pin({ ...view, base_id: baseId, message_id: null });
    return view;
  }

  async remove(userId: string, baseId: string, id: string): Promise<void> {
    await this.#options.access.requireBase(userId, baseId, 'editor');
    const wasThere = await this.#options.judgements.remove(baseId, id);
    if (!wasThere) throw new ParleyError('judgement_not_found', 'There is no such judgement.');
  }
}
