/** What the figures were measured on. */
import { availableParallelism, cpus, totalmem } from 'node:os';

export function machine(): string {
  const [cpu] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const model = cpu?.model.trim() ?? 'unknown CPU';
  return `${availableParallelism()} cores of ${model}, ${gigabytes} GB, Node ${process.version}`;
}
