import { expect, it } from 'vitest';
import { createJsonOutputWriters } from './json-output.ts';
import { loadModel, type RestJsonModel } from './model.ts';

const write = createJsonOutputWriters(loadModel('ram'));

it('an answer has the members of the model, and times in seconds', () => {
  const share = {
    name: 'a',
    allowExternalPrincipals: false,
    creationTime: new Date('2026-01-01T00:00:00.250Z'),
    status: undefined,
    statusMessage: null,
    tags: [{ key: 'k', value: '', more: 1 }],
    secret: 'x',
  };
  expect(write('GetResourceShares')({ resourceShares: [share], nextToken: undefined })).toEqual({
    resourceShares: [
      {
        name: 'a',
        allowExternalPrincipals: false,
        creationTime: 1767225600.25,
        tags: [{ key: 'k', value: '' }],
      },
    ],
  });
});

it('an empty list is there, an answer of nothing is an empty object', () => {
  expect(write('ListPrincipals')({ principals: [] })).toEqual({ principals: [] });
  expect(write('TagResource')({})).toEqual({});
});

it('structures may hold their own kind, and octets', () => {
  const model: RestJsonModel = {
    service: 'tree',
    protocol: 'restJson1',
    version: '2026-01-01',
    operations: { Get: { output: 'Node', method: 'POST', path: '/get', status: 200 } },
    structures: {
      Node: [
        { name: 'seed', type: 'blob' },
        { name: 'under', type: 'Nodes' },
      ],
    },
    lists: { Nodes: { type: 'Node', item: 'member' } },
    enums: {},
    errors: {},
  };
  const under = [{ seed: Uint8Array.of(1, 2), under: [{}] }];
  expect(createJsonOutputWriters(model)('Get')({ under })).toEqual({
    under: [{ seed: 'AQI=', under: [{}] }],
  });
});
