import type { ModelProvider } from '../model-provider.ts';
import { server } from './preset.ts';

// Each server names itself in the list of its models, but for Ollama, which says it at its root, and
// LM Studio, which has a list of its own. That also tells vLLM from Parley, which listens on 8000 too.
const owner = (name: string): string => `"owned_by":"${name}"`;

const ollama = server({
  id: 'ollama',
  label: 'Ollama',
  baseUrl: 'http://127.0.0.1:11434/v1',
  localServer: { ports: [11_434], path: '/', marker: 'Ollama is running' },
});

const lmStudio = server({
  id: 'lm-studio',
  label: 'LM Studio',
  baseUrl: 'http://127.0.0.1:1234/v1',
  localServer: { ports: [1234], path: '/api/v0/models', marker: '"data"' },
});

const llamaServer = server({
  id: 'llama-server',
  label: 'llama-server (llama.cpp)',
  baseUrl: 'http://127.0.0.1:8080/v1',
  localServer: { ports: [8080], path: '/v1/models', marker: owner('llamacpp') },
});

const vllm = server({
  id: 'vllm',
  label: 'vLLM',
  baseUrl: 'http://127.0.0.1:8000/v1',
  localServer: { ports: [8000], path: '/v1/models', marker: owner('vllm') },
});

const sglang = server({
  id: 'sglang',
  label: 'SGLang',
  baseUrl: 'http://127.0.0.1:30000/v1',
  localServer: { ports: [30_000], path: '/v1/models', marker: owner('sglang') },
});

const custom = server({ id: 'custom', label: 'OpenAI-compatible', baseUrl: null });

export const LOCAL_SERVERS: readonly ModelProvider[] = [ollama, lmStudio, llamaServer, vllm, sglang, custom];
