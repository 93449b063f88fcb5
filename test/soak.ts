/** `npm run soak`: a hundred kills under load. `npm run soak -- 1000 7`: rounds, seed. */
import { rmSync } from 'node:fs';
import { killRounds } from './support/kill-rounds.ts';
import { temporaryFolder } from './support/server-process.ts';

const [rounds = 100, seed = Date.now() % 0x1_0000_0000] = process.argv.slice(2).map(Number);
const folder = temporaryFolder();
console.error(`soak: ${rounds} rounds, seed ${seed}, data in ${folder}`);
const acknowledged = await killRounds({
  folder,
  rounds,
  seed,
  onRound: (round, count) => {
    if (round % 10 === 0) console.error(`soak: ${round} rounds, ${count} calls acknowledged`);
  },
});
rmSync(folder, { recursive: true });
console.error(`soak: nothing was lost of ${acknowledged} acknowledged calls`);
