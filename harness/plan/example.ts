import { Document } from 'yaml';

/** Lists of an experiment whose items are named maps. */
export type ExperimentList = 'faults' | 'hypotheses' | 'stop_if' | 'charts' | 'controllers';

/** Returns an item of one of an experiment's lists as a person writes it in YAML, on one line when it is short. */
export function exampleYaml(list: ExperimentList, name: string, example: unknown): string {
  const block = new Document({ [list]: [{ [name]: example }] });
  if (!Array.isArray(example)) {
    const flow = block.createNode(example, { flow: true });
    const text = new Document({ [list]: [{ [name]: null }] });
    text.setIn([list, 0, name], flow);
    const short = text.toString({ lineWidth: 0 });
    if (short.split('\n').every((line) => line.length <= 100)) return short;
  }
  return block.toString({ lineWidth: 0 });
}
