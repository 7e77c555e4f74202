import type { ErrorCode } from '../errors/error-codes.ts';
import type { VendorModel } from './capabilities.ts';

/** The engines that ask a vendor or another server; each speaks one wire. */
export type OnlineEngineName = 'openai-compatible' | 'zhipu' | 'anthropic' | 'gemini';

/** Where a server of this kind says by itself that it is one, on this machine. */
export interface LocalServerProbe {
  /** Default ports, in the order in which they are tried. */
  ports: readonly number[];
  /** Path from the root of the server that answers 200 without a key. */
  path: string;
  /** Text that the answer's body holds, and no other server's; null where the path alone tells. */
  marker: string | null;
}

/** How a vendor's OpenAI-compatible API differs from OpenAI's. What is left out is as with OpenAI. */
export interface ProviderQuirks {
  /** The field that bounds the answer's length, where it is not `max_tokens`. */
  maxTokensField?: 'max_completion_tokens';
  /** Fields that the vendor refuses; they are left out. */
  refusedFields?: readonly string[];
  /** Fields of messages that the vendor refuses, though others answer them and want them back; they are left out. */
  refusedMessageFields?: readonly string[];
  /** Fields that every chat request carries. */
  extraFields?: Readonly<Record<string, unknown>>;
  /** `stream_options` is refused, so usage is not asked for. */
  hasNoStreamOptions?: boolean;
  /** Path of the list of models, where it is not `/models`; null: the vendor has none. */
  modelsPath?: string | null;
  /** The most texts that one embedding request may hold, where the vendor takes few. */
  maxEmbeddingTexts?: number;
  /** Errors come with HTTP status 200, as a status in the body. */
  bodyStatus?: BodyStatus;
  /** What holds for some of its models only. */
  ofModels?: readonly ModelQuirks[];
}

/** A status that stands in an answer's body, or in a chunk of a stream, beside what it says. */
export interface BodyStatus {
  /** The field that holds it. */
  field: string;
  /** Its field for the code, which is 0 for success. */
  codeField: string;
  /** Its field for the vendor's words. */
  messageField: string;
  /** Finds the code in the words, where they come as an error in OpenAI's form. */
  codeInMessage: RegExp;
  /** What the codes mean. The vendor's words may say it closer; a code that is not here is a failure. */
  codes: Readonly<Record<string, ErrorCode>>;
}

/** How some models of a vendor differ from its others. */
export interface ModelQuirks {
  /** Their names. */
  ids: RegExp;
  /** Fields that they refuse; they are left out. */
  refusedFields?: readonly string[];
  /** Fields that their chat requests carry. */
  extraFields?: Readonly<Record<string, unknown>>;
  /** Fields that a request with tools must carry; they win over the caller's. */
  fieldsWithTools?: Readonly<Record<string, unknown>>;
}

/**
 * A vendor or a kind of server as data: everything that the page, the server and the workers need to
 * know to use it. No provider has code of its own beyond its engine.
 */
export interface ModelProvider {
  /** Stable name in settings and rows: `deepseek`. */
  id: string;
  label: string;
  engine: OnlineEngineName;
  /** Where the API starts, with its version; null: a person names it. */
  baseUrl: string | null;
  key: 'required' | 'optional' | 'none';
  /** Variable of `.env` that holds the key, by the vendor's own documentation. */
  keyVariable: string | null;
  /** Form of its keys, where that tells it from all others. */
  keyPattern: RegExp | null;
  /** Page on which one gets a key. */
  keyPage: string | null;
  /** Set for servers that people run themselves. */
  localServer: LocalServerProbe | null;
  quirks: ProviderQuirks;
  /** Known models, the recommended ones first; capabilities and prices of a vendor's list are filled from here. */
  models: readonly VendorModel[];
}
