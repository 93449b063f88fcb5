import { type Endpoint, json } from '../http/reply.ts';
import type { Lab } from '../lab.ts';
import { answering, readQuestion } from './question-body.ts';

/** Sends a real packet exchange through the data plane and reports what happened. */
export function probeEndpoint(lab: Lab): Endpoint {
  return {
    method: 'POST',
    path: '/_openvpc/probe',
    handle: (request) => {
      const question = readQuestion(request);
      return json(answering(() => lab.probe(question)));
    },
  };
}
