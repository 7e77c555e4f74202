import { CallbackManager, CallbackManagerForChainRun } from '@langchain/core/callbacks/manager';

/**
 * Callbacks that call nobody, whatever the environment says. LangChain looks at LANGSMITH_TRACING
 * and LANGCHAIN_VERBOSE at each run: with them set it would send every conversation to a foreign
 * server, or print it. A manager that takes no handlers is the one place where both end.
 */
export class QuietCallbacks extends CallbackManager {
  override addHandler(): void {}
  override setHandlers(): void {}

  override copy(): CallbackManager {
    return new QuietCallbacks();
  }

  override async handleChainStart(): Promise<CallbackManagerForChainRun> {
    return new QuietChainRun('', [], [], [], [], {}, {});
  }
}

/** Steps of a chain are given quiet callbacks of their own; LangChain's would ask the environment again. */
class QuietChainRun extends CallbackManagerForChainRun {
  override getChild(): CallbackManager {
    return new QuietCallbacks();
  }
}
