/** English words that say how a sentence is built, not what it is about. */
export const ENGLISH_STOP_WORDS: ReadonlySet<string> = new Set(
  [
    'a an the this that these those there here',
    'i me my mine we us our ours you your yours he him his she her hers it its they them their theirs',
    'am is are was were be been being do does did doing have has had having',
    'can could shall should will would may might must',
    'and or but nor so if then than as because while until',
    'of at by for with about against between into through during to from in on onto upon over under',
    'who whom whose which what when where why how',
    'both each few other such only own same too very just also again further once',
    'not no s t d ll m re ve don doesn didn isn aren wasn weren won wouldn couldn shouldn',
  ].flatMap((line) => line.split(' ')),
);

/**
 * Chinese words that only ask or close a question. They are cut out before pairs of characters are
 * made: "怎么停止" is about 停止, and a pair such as 么停 would match nothing and weigh much.
 * Longest first, since the first that fits is taken.
 */
export const CHINESE_QUESTION_WORDS: readonly string[] = [
  '为什么',
  '怎么样',
  '是不是',
  '能不能',
  '可不可以',
  '有没有',
  '什么',
  '怎么',
  '怎样',
  '如何',
  '请问',
  '哪里',
  '哪儿',
  '哪些',
  '哪个',
  '吗',
  '呢',
];
