const LAST_LINE =
  /^[\s*_`>#-]*(?:grade|评分|得分|分数)[\s*_`]*[:：][\s*_`]*([01](?:\.\d+)?|\.\d+)(?:\s*\/\s*1(?:\.0+)?)?[\s*_`.。分]*$/iu;

/**
 * The grade on the last line of a judge's reply, 0 to 1; null when there is none. A number anywhere
 * else may be one that the judge talks about.
 */
export function readGrade(reply: string): number | null {
  const last = reply.trim().split('\n').at(-1) ?? '';
  const grade = Number(LAST_LINE.exec(last)?.[1] ?? Number.NaN);
  return grade >= 0 && grade <= 1 ? grade : null;
}
