/** A question answered from the tables, nothing sent; a name in it is looked up the same way. */
import type { Network } from '../fabric/compile/state.ts';
import { explain } from '../fabric/explain.ts';
import type { Answer } from '../fabric/question.ts';
import { lookUpDirectly } from './name-lookup.ts';
import { type QuestionInput, resolveQuestion } from './question.ts';
import { unresolved } from './unresolved.ts';

/**
 * @param now milliseconds on the cloud's clock
 * @throws QuestionError
 */
export function trace(network: Network, input: QuestionInput, now: number): Answer {
  const question = resolveQuestion(network, input);
  if (!('name' in question)) return explain(network, question, now);
  const address = lookUpDirectly(network, question, now);
  if (address === undefined) return unresolved(question);
  return explain(network, question.withAddress(address), now);
}
