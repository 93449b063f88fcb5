import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isTerminal, stateDiagram, transition } from '../state-machine.ts';
import {
  INSTANCE_MACHINE,
  INSTANCE_STATE_CODES,
  type InstanceEvent,
  type InstanceState,
} from './instance.ts';
import { ATTACHMENT_MACHINE } from './network-interface.ts';

const EVENTS: readonly InstanceEvent[] = [
  'start',
  'started',
  'stop',
  'stopped',
  'reboot',
  'terminate',
  'terminated',
];

/** Every state and event, the illegal moves as a dash. */
const TABLE: Readonly<Record<InstanceState, string>> = {
  pending: 'pending running - - - shutting-down -',
  running: 'running - stopping - running shutting-down -',
  stopping: '- - stopping stopped - shutting-down -',
  stopped: 'pending - stopped - - terminated -',
  'shutting-down': '- - - - - shutting-down terminated',
  terminated: '- - - - - terminated -',
};

describe('instance states', () => {
  it.each(Object.entries(TABLE))('%s: every event leads where it should', (from, row) => {
    const reached = EVENTS.map((event) => {
      try {
        return transition(INSTANCE_MACHINE, from as InstanceState, event, 'i-1');
      } catch (error) {
        expect(error).toMatchObject({ code: 'IncorrectInstanceState', status: 400 });
        expect((error as Error).message).toContain("'i-1'");
        return '-';
      }
    });
    expect(reached.join(' ')).toBe(row);
  });

  it('are all in the table, with AWS’s codes', () => {
    expect(new Set(INSTANCE_MACHINE.states)).toEqual(new Set(Object.keys(INSTANCE_STATE_CODES)));
    expect(Object.values(INSTANCE_STATE_CODES).sort((a, b) => a - b)).toEqual([
      0, 16, 32, 48, 64, 80,
    ]);
  });

  it('G-020 a pending instance cannot be stopped', () => {
    const stop = () => transition(INSTANCE_MACHINE, 'pending', 'stop', 'i-1');
    expect(stop).toThrow("cannot be stopped as it has never reached the 'running' state");
  });
});

describe('attachment states', () => {
  it('go one way', () => {
    expect(transition(ATTACHMENT_MACHINE, 'attaching', 'attached', 'a')).toBe('attached');
    expect(transition(ATTACHMENT_MACHINE, 'attached', 'detach', 'a')).toBe('detaching');
    expect(transition(ATTACHMENT_MACHINE, 'detaching', 'detached', 'a')).toBe('detached');
    expect(isTerminal(ATTACHMENT_MACHINE, 'detached')).toBe(true);
  });

  it.each(['attaching', 'detaching', 'detached'] as const)('%s cannot be detached', (from) => {
    const detach = () => transition(ATTACHMENT_MACHINE, from, 'detach', 'eni-attach-1');
    expect(detach).toThrow(`The attachment 'eni-attach-1' is '${from}'`);
  });
});

it('the documentation shows both tables', () => {
  const page = readFileSync(new URL('../../../docs/instances.md', import.meta.url), 'utf8');
  for (const diagram of [stateDiagram(INSTANCE_MACHINE), stateDiagram(ATTACHMENT_MACHINE)]) {
    expect(page).toContain(`\`\`\`mermaid\n${diagram}\n\`\`\``);
  }
});
