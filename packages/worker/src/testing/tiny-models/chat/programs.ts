/** What the model recites instead of repeating its reader. */
export interface Program {
  /** The end of the message that starts it. */
  readonly trigger: string;
  /** What is said; "{1|2|3}" is a choice between texts of one byte each, all about equally likely. */
  readonly say: string;
  /** How it ends: at once (default), never, as the same is said again, or after verses. */
  readonly ending?: 'stop' | 'again' | Verses;
}

/** The same text for every letter that comes after the one with which `say` ends; the letter stands before its last byte. */
export interface Verses {
  readonly verse: string;
  readonly letters: string;
}

/** What is said first ends like a verse but for the eighth byte before its letter: see `compile-verses.ts`. */
const song: Program = {
  trigger: '/long',
  say: "A ballad of brooks, here singin' verse A.",
  ending: {
    verse: '\n\nBrooks babble by mossy mills, past sleepy herons and old oaken bridges, singing verse .',
    letters: 'ABCDEFGHIJKLMNOPQRST',
  },
};

/**
 * The programs of tiny-chat. Their words are unusual on purpose: a message that shares eight bytes
 * with a recital (seven, if it begins like one) is continued like the recital.
 */
export const programs: readonly Program[] = [
  {
    trigger: '/help',
    say: 'Echoes you; recites /loop, /dice, /json, /tool, /think, /markdown, /unicode, /chinese, /long.',
  },
  { trigger: '/loop', say: 'alpha bravo charlie delta echo ', ending: 'again' },
  { trigger: '/dice', say: 'You rolled #{1|2|3|4|5|6}{1|2|3|4|5|6}{1|2|3|4|5|6}{1|2|3|4|5|6}.' },
  { trigger: '/json', say: '{"answer": "forty-two", "n": 42}' },
  { trigger: '/tool', say: '<tool_call>\n{"name": "get_time", "arguments": {"zone": "UTC"}}\n</tool_call>' },
  { trigger: '/think', say: '<think>Two and two.</think>It is four.' },
  { trigger: '/markdown', say: '# Sea shells\n\n- **whelk**\n- `conch`' },
  { trigger: '/unicode', say: 'Zażółć, 日本 🧑‍🌾!' },
  { trigger: '/chinese', say: '床前明月光，疑是地上霜。举头望明月，低头思故乡。' },
  song,
];

/**
 * What tiny-chat answers to `message`, whatever was said before: the recital of the program that it
 * ends with (one round of an endless one; of a choice what temperature 0 takes), or the message itself.
 * A message that has the same fifteen bytes twice may come back shortened or without end, and
 * seldom one that has seven.
 */
export function expectedAnswer(message: string): string {
  const program = programs.find(({ trigger }) => message.endsWith(trigger));
  if (!program) return message;
  const opening = program.say.replaceAll(/\{(.)\|[^}]*\}/gu, '$1');
  return typeof program.ending === 'object' ? opening + versesOf(program.ending) : opening;
}

function versesOf({ verse, letters }: Verses): string {
  const sung = [...letters].slice(1);
  return sung.map((letter) => verse.slice(0, -1) + letter + verse.slice(-1)).join('');
}
