import type { ModelConfig } from '../config.ts';
import type { Engine, EngineTools } from '../engine.ts';
import { createExtractiveEngine } from './extractive/extractive-engine.ts';
import { createOpenaiCompatibleEngine } from './openai-compatible/openai-compatible-engine.ts';
import { createZhipuEngine } from './zhipu/zhipu-engine.ts';

type EngineName = ModelConfig['engine'];
type ModelOf<Name extends EngineName> = Extract<ModelConfig, { engine: Name }>;
type Factory<Model> = (model: Model, tools: EngineTools) => Engine;

const engines: { [Name in EngineName]: Factory<ModelOf<Name>> } = {
  extractive: createExtractiveEngine,
  'openai-compatible': createOpenaiCompatibleEngine,
  zhipu: createZhipuEngine,
};

/** The engine that a model's settings name. */
export function createEngine(model: ModelConfig, tools: EngineTools): Engine {
  // The list is typed name by name; that this name's factory takes this model is lost on the compiler only.
  return (engines[model.engine] as Factory<ModelConfig>)(model, tools);
}
