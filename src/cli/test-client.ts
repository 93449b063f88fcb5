/** A server for unit tests: it has one topology, and counts who asks for it. */
import type { Topology } from '../server/topology.ts';
import type { Client } from './client.ts';

export interface TestClient extends Client {
  readonly asked: string[];
}

export function testClient(topology: Topology): TestClient {
  const asked: string[] = [];
  const refuse = () => Promise.reject(new Error('not asked in unit tests'));
  return {
    endpoint: 'http://127.0.0.1:4566',
    asked,
    get: <T>(path: string) => {
      asked.push(path);
      return Promise.resolve(topology as T);
    },
    post: refuse,
    put: refuse,
    delete: refuse,
    stream: refuse,
  };
}
