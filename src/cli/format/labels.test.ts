import { describe, expect, it } from 'vitest';
import { createLabels, distinctNames } from './labels.ts';

const owner = { account: '000000000000', region: 'us-east-1' };

describe('labels', () => {
  const labels = createLabels({
    resources: [
      { id: 'i-1', type: 'instance', name: 'web', ...owner },
      { id: 'eni-1', type: 'network-interface', ...owner },
      { id: 'eni-2', type: 'network-interface', name: 'second', ...owner },
      { id: 'vpc-1', type: 'vpc', name: '', ...owner },
    ],
    edges: [
      { from: 'eni-1', to: 'i-1', type: 'attached' },
      { from: 'eni-2', to: 'i-1', type: 'attached' },
      { from: 'igw-1', to: 'vpc-1', type: 'attached' },
    ],
  });

  it('are ids with names; an interface goes by its own, else by its instance’s', () => {
    expect(['i-1', 'eni-1', 'eni-2'].map(labels)).toEqual([
      'i-1 (web)',
      'eni-1 (web)',
      'eni-2 (second)',
    ]);
  });

  it('are bare ids where nothing has a name', () => {
    expect(['vpc-1', 'igw-1', 'eni-9'].map(labels)).toEqual(['vpc-1', 'igw-1', 'eni-9']);
  });
});

describe('names in a list', () => {
  const list = (...of: { name?: string; region?: string; account?: string }[]) =>
    distinctNames(
      of.map((one, index) => ({ id: `i-${index}`, type: 'instance', ...owner, ...one })),
    );

  it('are told apart by ids where two are equal', () => {
    const names = list({ name: 'web' }, {}, { name: 'db' }, { name: 'web' }, { name: '' });
    expect(names).toEqual(['web i-0', 'i-1', 'db', 'web i-3', 'i-4']);
  });

  it('are told apart by Regions or accounts where those do', () => {
    const [web, west] = [{ name: 'web' }, { name: 'web', region: 'eu-west-1' }];
    const other = { name: 'db', account: '111111111111' };
    expect(list(web, west)).toEqual(['web us-east-1', 'web eu-west-1']);
    expect(list({ name: 'db' }, other)).toEqual(['db 000000000000', 'db 111111111111']);
    expect(list(web, west, web)).toEqual(['web i-0', 'web i-1', 'web i-2']);
  });
});
