import { styleText } from 'node:util';

export type Paint = (style: 'green' | 'red' | 'dim' | 'bold' | 'yellow', text: string) => string;

/** Colours where they are wanted, plain text elsewhere. */
export function createPaint(colors: boolean): Paint {
  return (style, text) =>
    colors && text !== '' ? styleText(style, text, { validateStream: false }) : text;
}
