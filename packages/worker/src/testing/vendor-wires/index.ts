import { anthropicWire } from './anthropic-wire.ts';
import { geminiWire } from './gemini-wire.ts';
import { openaiWire } from './openai-wire.ts';
import type { VendorWire } from './vendor-wire.ts';
import { zhipuWire } from './zhipu-wire.ts';

export type WireName = 'openai' | 'zhipu' | 'anthropic' | 'gemini';

export const WIRES: Record<WireName, VendorWire> = {
  openai: openaiWire,
  zhipu: zhipuWire,
  anthropic: anthropicWire,
  gemini: geminiWire,
};
/** In the order in which prefixes are tried: a longer one before one that it begins with. */
export const WIRE_NAMES: readonly WireName[] = ['anthropic', 'gemini', 'zhipu', 'openai'];
