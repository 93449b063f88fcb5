/**
 * `npm run bench [-- NAME… [--write]]`: prints the tables whose names contain a NAME, or all of
 * them; `--write` puts them into docs/benchmarks.md as well. Each table is measured in a process
 * of its own, so that none runs on code that another has warmed up or spoilt.
 */
import { fork } from 'node:child_process';
import { parseArgs } from 'node:util';
import { place } from './support/document.ts';
import { machine } from './support/machine.ts';
import { type Bench, type Figures, markdown, wrapped } from './support/table.ts';
import { bgp } from './tables/bgp.ts';
import { doorRates } from './tables/door-rates.ts';
import { doorSize } from './tables/door-size.ts';
import { forwarding } from './tables/forwarding.ts';
import { groupMember } from './tables/group-member.ts';
import { hybrid } from './tables/hybrid.ts';
import { multicast } from './tables/multicast.ts';
import { prefixList } from './tables/prefix-list.ts';
import { routeChange } from './tables/route-change.ts';
import { startUp } from './tables/start-up.ts';
import { transitGateway } from './tables/transit-gateway.ts';

const BENCHES: readonly Bench[] = [
  forwarding,
  routeChange,
  groupMember,
  prefixList,
  bgp,
  doorRates,
  doorSize,
  startUp,
  transitGateway,
  multicast,
  hybrid,
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false }, here: { type: 'string' } },
});

if (values.here === undefined) await runAll(positionals, values.write);
else answer(await find(values.here).run());

async function runAll(names: readonly string[], write: boolean): Promise<void> {
  const chosen = BENCHES.filter(
    (bench) => names.length === 0 || names.some((name) => bench.name.includes(name)),
  );
  if (chosen.length === 0) {
    console.error(`no table of that name; there are ${BENCHES.map(({ name }) => name).join(', ')}`);
    process.exitCode = 1;
    return;
  }
  console.log(`${machine()}\n`);
  if (write) place('machine', `Machine: ${machine()}.`);
  for (const { name, title, about } of chosen) {
    const text = markdown(await measureApart(name));
    console.log(`## ${title} (${name})\n\n${wrapped(about)}\n\n${text}\n`);
    if (write) place(name, `${wrapped(about)}\n\n${text}`);
  }
}

/** To the process that asked; to whoever started this one by hand, say under a profiler. */
function answer(figures: Figures): void {
  if (process.send === undefined) console.log(markdown(figures));
  else process.send(figures, undefined, undefined, () => process.disconnect?.());
}

function find(name: string): Bench {
  const bench = BENCHES.find((one) => one.name === name);
  if (bench === undefined) throw new Error(`no table ${name}`);
  return bench;
}

function measureApart(name: string): Promise<Figures> {
  return new Promise((resolve, reject) => {
    const execArgv = [...process.execArgv, '--expose-gc'];
    const child = fork(import.meta.filename, ['--here', name], { execArgv });
    let figures: Figures | undefined;
    child.on('message', (message) => {
      figures = message as Figures;
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0 && figures !== undefined) resolve(figures);
      else reject(new Error(`the table ${name} was not finished (exit ${code})`));
    });
  });
}
