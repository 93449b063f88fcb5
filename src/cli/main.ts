/** `openvpc`: what bin/openvpc runs. */
import { openTerminal } from './output.ts';
import { runProgram } from './program.ts';

const terminal = openTerminal(process.env);
process.exitCode = await runProgram(process.argv.slice(2), process.env, terminal);
