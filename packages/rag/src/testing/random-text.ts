export { seededRandom } from '../evaluation/significance/seeded-random.ts';

const HAN = [...'控制器分配请求工作进程运行模型网关转发回答数据保存在本地文件夹里用户可以修改设置并重新启动服务'];
const LATIN = 'the controller hands out requests while workers run models e.g. in Node.js version 2.5 for you'.split(
  ' ',
);

/** A document of random Markdown in Chinese and English: headings, paragraphs, lists, tables, code. */
export function randomDocument(random: () => number): string {
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[Math.floor(random() * items.length)];
    if (item === undefined) throw new RangeError('There is nothing to pick from.');
    return item;
  };
  const times = (most: number) => 1 + Math.floor(random() * most);
  const many = (most: number, make: () => string, between: string) =>
    Array.from({ length: times(most) }, make).join(between);
  const sentence = () =>
    random() < 0.5
      ? many(30, () => pick(HAN), '') +
        pick(['，', '']) +
        many(20, () => pick(HAN), '') +
        pick(['。', '！', '？”', '……'])
      : `${pick(['A', '“The', 'Some'])} ${many(25, () => pick(LATIN), ' ')}${pick(['.', '!', '?”', '.)'])} `;
  const blocks = [
    () => `${pick(['#', '##', '###'])} ${many(5, () => pick(LATIN), ' ')}`,
    () => many(12, sentence, ''),
    () => many(6, sentence, '\n'),
    () => many(7, () => `- ${sentence()}`, '\n'),
    () => `| a | 名 |\n|---|---|\n${many(9, () => `| ${pick(LATIN)} | ${pick(HAN)} |`, '\n')}`,
    () => `\`\`\`\n${many(9, () => `const ${pick(LATIN)} = 1;`, '\n')}\n\`\`\``,
    () => `${sentence()}:\n\n1. ${sentence()}\n2. ${sentence()}`,
    () => '😀𠮷'.repeat(times(40)),
  ];
  return many(14, () => pick(blocks)(), pick(['\n\n', '\n\n\n', '\r\n\r\n']));
}
