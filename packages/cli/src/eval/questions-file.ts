import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { CommandError } from '../command-context.ts';
import type { Messages } from '../terminal/messages.ts';

const answersSchema = z.array(z.string().min(1)).min(1);
const lineSchema = z
  .object({
    id: z.union([z.string(), z.number()]).transform(String).nullish(),
    question: z.string().refine((text) => text.trim() !== ''),
    answers: answersSchema.nullish(),
    /** The same under FlashRAG's name. */
    golden_answers: answersSchema.nullish(),
    base: z.string().min(1).nullish(),
  })
  .refine(({ answers, golden_answers: golden }) => answers ?? golden);

export interface Question {
  /** Its own, else the number of its line. */
  id: string;
  question: string;
  /** Any of them is right. */
  answers: string[];
  /** Name or id of the base to ask; null: the one of the command line. */
  base: string | null;
}

/** Reads `{question, answers, id?, base?}` by lines. Throws `CommandError` that names the line. */
export async function readQuestions(file: string, say: Messages): Promise<Question[]> {
  if (!existsSync(file)) throw new CommandError(say.kb.fileMissing(file));
  const questions: Question[] = [];
  const ids = new Set<string>();
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() === '') continue;
    const question = toQuestion(line, number);
    if (question === null || ids.has(question.id)) throw new CommandError(say.eval.wrongQuestion(file, number));
    ids.add(question.id);
    questions.push(question);
  }
  if (questions.length === 0) throw new CommandError(say.eval.noQuestions(file));
  return questions;
}

function toQuestion(line: string, number: number): Question | null {
  const parsed = lineSchema.safeParse(toJson(line.replace(/^\uFEFF/, '')));
  if (!parsed.success) return null;
  const { id, question, answers, golden_answers: golden, base } = parsed.data;
  return { id: id ?? String(number), question, answers: answers ?? golden ?? [], base: base ?? null };
}

function toJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
