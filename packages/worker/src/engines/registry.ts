import type { ModelConfig } from '../config.ts';
import type { Engine, EngineTools } from '../engine.ts';

type EngineName = ModelConfig['engine'];
type ModelOf<Name extends EngineName> = Extract<ModelConfig, { engine: Name }>;
type Factory<Model> = (model: Model, tools: EngineTools) => Engine;

// A worker has one engine, and loads the code of no other.
const engines: { [Name in EngineName]: () => Promise<Factory<ModelOf<Name>>> } = {
  extractive: async () => (await import('./extractive/extractive-engine.ts')).createExtractiveEngine,
  'llama-cpp': async () => (await import('./llama-cpp/llama-cpp-engine.ts')).createLlamaCppEngine,
  'openai-compatible': async () =>
    (await import('./openai-compatible/openai-compatible-engine.ts')).createOpenaiCompatibleEngine,
  zhipu: async () => (await import('./zhipu/zhipu-engine.ts')).createZhipuEngine,
  anthropic: async () => (await import('./anthropic/anthropic-engine.ts')).createAnthropicEngine,
  gemini: async () => (await import('./gemini/gemini-engine.ts')).createGeminiEngine,
};

/** The engine that a model's settings name. */
export async function createEngine(model: ModelConfig, tools: EngineTools): Promise<Engine> {
  // The list is typed name by name; that this name's factory takes this model is lost on the compiler only.
  const factory = (await engines[model.engine]()) as Factory<ModelConfig>;
  return factory(model, tools);
}
