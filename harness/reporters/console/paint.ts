import { styleText } from 'node:util';
import type { TextSink } from '../../core/world.ts';

type Style = Parameters<typeof styleText>[0];

/** Colours a text when the sink shows colours. */
export const paint = (sink: TextSink, style: Style, text: string): string =>
  sink.color ? styleText(style, text, { validateStream: false }) : text;
