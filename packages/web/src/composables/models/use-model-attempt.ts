import { useAttempt } from '../knowledge/use-attempt.ts';
import { useProblem } from './use-problem.ts';

/** As `useAttempt`, with the server's own words too: they name the file or the model that an owner has to mend. */
export function useModelAttempt() {
  const toProblem = useProblem();
  return useAttempt((error) => {
    const { sentence, detail } = toProblem(error);
    return detail === null ? sentence : `${sentence} ${detail}`;
  });
}
