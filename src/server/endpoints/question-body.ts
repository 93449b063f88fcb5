/** A question's JSON, checked member by member (contract, "Question"). */
import { z } from 'zod';
import { isRegion } from '../../model/region.ts';
import { readJson } from '../http/api.ts';
import { type EndpointRequest, RequestError } from '../http/reply.ts';
import { QuestionError, type QuestionInput } from '../question.ts';

const port = z.int().min(1).max(65_535);
const place = z.string().min(1).max(512);

const QUESTION = z.strictObject({
  from: place,
  to: place,
  protocol: z.enum(['tcp', 'udp', 'icmp']).exactOptional(),
  port: port.exactOptional(),
  sourcePort: port.exactOptional(),
  family: z.union([z.literal(4), z.literal(6)]).exactOptional(),
  size: z.int().min(0).max(65_000).exactOptional(),
  dontFragment: z.boolean().exactOptional(),
  ttl: z.int().min(1).max(255).exactOptional(),
  account: z
    .string()
    .regex(/^\d{12}$/, { error: 'must be 12 digits' })
    .exactOptional(),
  region: z.string().refine(isRegion, { error: 'must be a Region of AWS' }).exactOptional(),
});

/** @throws RequestError 400 naming the member that is wrong */
export function readQuestion(request: EndpointRequest): QuestionInput {
  const body = readJson(request);
  refuseLater(body);
  const parsed = QUESTION.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue!.path.map(String).join('.');
  const message = path === '' ? issue!.message : `${path}: ${issue!.message}`;
  throw new RequestError(400, 'MalformedQuestion', message);
}

/** Forms of the contract that are not built yet. */
function refuseLater(body: unknown): void {
  const { protocol } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (protocol !== 'http') return;
  throw new RequestError(400, 'UnsupportedOperation', 'protocol: http is not built yet.');
}

/** Runs what answers a question; what cannot be asked becomes a refusal. */
export function answering<T>(answer: () => T): T {
  try {
    return answer();
  } catch (error) {
    if (!(error instanceof QuestionError)) throw error;
    throw new RequestError(error.status, error.code, error.message);
  }
}
