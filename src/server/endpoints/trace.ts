import { type Endpoint, json } from '../http/reply.ts';
import type { Lab } from '../lab.ts';
import { answering, readQuestion } from './question-body.ts';

/** The same question answered from the forwarding tables, nothing sent. */
export function traceEndpoint(lab: Lab): Endpoint {
  return {
    method: 'POST',
    path: '/_openvpc/trace',
    handle: (request) => {
      const question = readQuestion(request);
      return json(answering(() => lab.trace(question)));
    },
  };
}
