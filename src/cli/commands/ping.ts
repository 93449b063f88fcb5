import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { EXIT } from '../exit.ts';
import { reasonOf, type ShownAnswer } from '../format/answer.ts';
import { type QuestionOptions, questionOf, withPlaceOptions } from '../question.ts';
import { runs, type Shell, verb, wholeNumber } from '../verb.ts';

interface Options extends QuestionOptions {
  readonly count: number;
  readonly interval: number;
}

export function pingCommand(shell: Shell): Command {
  const command = verb('ping', 'Send ICMP echo requests from FROM to TO.')
    .argument('<from>', 'i-…, eni-…, site:NAME/ADDRESS, internet, or a Name tag')
    .argument('<to>', 'an address, i-…, eni-…, site:NAME/ADDRESS, a DNS name, or a Name tag')
    .option('-c, --count <n>', 'how many', wholeNumber(1, 10_000), 4)
    .option('-i, --interval <ms>', 'milliseconds in between', wholeNumber(0, 60_000), 200)
    .option('-s, --size <bytes>', 'extra payload', wholeNumber(0, 65_000))
    .option('-t, --ttl <hops>', 'time to live', wholeNumber(1, 255));
  withPlaceOptions(command);
  return runs<Options>(command, shell, async ({ client, args, options, show, terminal }) => {
    const question = await questionOf(client, args, options);
    const answers: ShownAnswer[] = [];
    for (let sequence = 1; sequence <= options.count; sequence++) {
      if (sequence > 1) await sleep(options.interval);
      const answer = await client.post<ShownAnswer>('/_openvpc/probe', question);
      answers.push(answer);
      if (!options.json) terminal.say(lineOf(answer, question.to, sequence));
    }
    const received = answers.filter(({ reachable }) => reachable).length;
    const summary = { sent: answers.length, received, answers };
    show(summary, () => `${answers.length} sent, ${received} received`);
    return received > 0 ? EXIT.done : EXIT.no;
  });
}

function lineOf(answer: ShownAnswer, to: string, sequence: number): string {
  const { reachable, rttMicros = 0, observed } = answer;
  const from = observed?.destination ?? to;
  if (!reachable) return `no reply from ${from}: seq=${sequence} ${reasonOf(answer)}`;
  return `reply from ${from}: seq=${sequence} time=${(rttMicros / 1000).toFixed(3)} ms`;
}
