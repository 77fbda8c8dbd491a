import { dirname, relative, resolve, sep } from 'node:path';
import { Document, type Node } from 'yaml';
import type { Model, Template } from '../core/coverage/template.ts';
import { isMap, mapOf } from './source/map.ts';
import { readSource, valueOf } from './source/source.ts';

/** An experiment file that generated experiments are made after, with the files that it names as absolute paths. */
export interface ModelFile extends Model {
  readonly file: string;
  readonly topology: readonly string[];
  readonly workload: string;
}

/** Reads an experiment file as it is written. Undefined when it is no YAML map. `chaos validate` names its mistakes. */
export function readModel(file: string): ModelFile | undefined {
  const source = readSource(file);
  if (!('doc' in source)) return undefined;
  const written = mapOf(valueOf(source));
  const load = mapOf(written['load']);
  const path = (name: unknown): string => resolve(dirname(file), String(name));
  const { topology, hypotheses } = written;
  return {
    file,
    topology: (Array.isArray(topology) ? (topology as unknown[]) : [topology]).map(path),
    workload: path(load['workload']),
    load,
    phases: mapOf(written['phases']),
    hypotheses: (Array.isArray(hypotheses) ? (hypotheses as unknown[]) : []).filter(isMap),
  };
}

/**
 * Returns a generated experiment as a YAML file that lies in `folder` (an absolute path). The same template gives the
 * same text.
 */
export function generatedYaml(template: Template, model: ModelFile, folder: string): string {
  const { title, load, phases, fault, hypotheses } = template;
  const from = (path: string): string => relative(folder, path).split(sep).join('/');
  const document = new Document({});
  const flow = (value: unknown): Node => document.createNode(value, { flow: true });
  /** Items of a list, each on a line of its own. */
  const list = (items: readonly object[]): Node =>
    document.createNode(
      items.map((item) => Object.fromEntries(Object.entries(item).map(([name, value]) => [name, flow(value)]))),
    );
  document.set('title', title);
  document.set('tags', flow(['generated']));
  const [first = '', ...rest] = model.topology.map(from);
  document.set('topology', rest.length === 0 ? first : flow([first, ...rest]));
  document.set('load', flow({ ...load, workload: from(model.workload) }));
  document.set('phases', flow(phases));
  document.set('faults', list([fault]));
  document.set('hypotheses', list(hypotheses));
  document.commentBefore = [
    ` Made by \`chaos coverage --generate\` after ${from(model.file)}: its load, phases and limits. The fault has the`,
    ' values of its example (`chaos explain`). Change what you know better: the file is not written again.',
  ].join('\n');
  return document.toString({ lineWidth: 0 });
}
