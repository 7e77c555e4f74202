import { describe, expect, it } from 'vitest';
import { modelLibrary } from './library.ts';
import { parseModelSource } from './model-source.ts';

const read = (text: string) =>
  parseModelSource(text, { endpoint: 'https://huggingface.co', mirrors: ['https://mirror.example/hf'], token: null });

describe('a source', () => {
  it.each([
    ['hf:owner/repo/file.gguf', 'main/file.gguf', 'hf:owner/repo/file.gguf'],
    ['hf:owner/repo/Q8 0/file.gguf@v1', 'v1/Q8%200/file.gguf', 'hf:owner/repo/Q8 0/file.gguf@v1'],
    ['hf:owner/repo/file.gguf@refs/pr/3', 'refs%2Fpr%2F3/file.gguf', 'hf:owner/repo/file.gguf@refs/pr/3'],
    ['https://huggingface.co/owner/repo/blob/main/file.gguf', 'main/file.gguf', 'hf:owner/repo/file.gguf'],
    ['https://hf.co/owner/repo/resolve/v1/file.gguf?download=true', 'v1/file.gguf', 'hf:owner/repo/file.gguf@v1'],
  ])('%s is a file of the hub and of its mirrors', (text, path, source) => {
    const file = {
      source,
      file: 'file.gguf',
      urls: [
        `https://huggingface.co/owner/repo/resolve/${path}`,
        `https://mirror.example/hf/owner/repo/resolve/${path}`,
      ],
      isFromHub: true,
    };
    expect(read(text)).toEqual({ ...file, files: [file] });
  });

  it('is any other address that ends in .gguf', () => {
    const file = {
      source: 'https://files.example/m/my%20model.gguf?key=1',
      file: 'my model.gguf',
      urls: ['https://files.example/m/my%20model.gguf?key=1'],
      isFromHub: false,
    };
    expect(read('https://files.example/m/my%20model.gguf?key=1#x')).toEqual({ ...file, files: [file] });
  });

  it.each([
    ['hf:owner/repo/Q8 0/big-0000%-of-00003.gguf@v1', 'https://huggingface.co/owner/repo/resolve/v1/Q8%200/'],
    ['https://files.example/m/big-0000%-of-00003.gguf?key=1', 'https://files.example/m/'],
  ])('%s is all the files that the model is split into, whichever of them is named', (text, folder) => {
    const named = (part: number) => read(text.replace('0000%', `0000${part}`));
    const model = named(1);
    expect(model).toMatchObject({ source: text.replace('%', '1'), file: 'big-00001-of-00003.gguf' });
    expect(model.files.map(({ file }) => file)).toEqual([1, 2, 3].map((part) => `big-0000${part}-of-00003.gguf`));
    expect(model.files[2]?.source).toBe(text.replace('%', '3'));
    expect(model.files[2]?.urls[0]).toContain(`${folder}big-00003-of-00003.gguf`);
    expect(named(2)).toEqual(model);
    expect(named(3)).toEqual(model);
  });

  it.each([
    ['qwen3', 'named as hf:owner/repo/file.gguf'],
    ['hf:owner/file.gguf', 'written as hf:owner/repo/file.gguf'],
    ['hf:owner/repo/model.bin', 'must end in .gguf'],
    ['hf:owner/repo/../file.gguf', 'not the name of a file'],
    ['hf:../repo/file.gguf', 'not the name of a repository'],
    ['hf:owner/repo/.hidden.gguf', 'cannot be stored'],
    ['hf:owner/repo/a\\b.gguf', 'cannot be stored'],
    [`hf:owner/repo/${'模'.repeat(81)}.gguf`, 'cannot be stored'],
    ['hf:owner/repo/\ud800/a.gguf', 'half a character'],
    ['https://files.example/\ud800/a.gguf', 'half a character'],
    ['hf:owner/repo/big-00001-of-00100.gguf', 'split into 100 files, and Parley takes 99 at most'],
    ['hf:owner/repo/big-00004-of-00003.gguf', 'names part 4 of 3, and there is no such part'],
    ['https://files.example/big-00000-of-00003.gguf', 'names part 0 of 3, and there is no such part'],
    ['hf:owner/repo/big-00000-of-00000.gguf', 'names part 0 of 0, and there is no such part'],
    ['file:///etc/model.gguf', 'named as'],
    ['https://files.example/%2e%2e%2fmodel.gguf', 'cannot be stored'],
    ['https://files.example/%ff.gguf', 'not a web address'],
    ['https://files.example/', 'must end in .gguf'],
  ])('%s is refused', (text, sentence) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'invalid_request', param: 'source' }));
    expect(() => read(text)).toThrow(sentence);
  });

  it('of each model of the library is one of the hub', () => {
    for (const { source } of modelLibrary) expect(read(source)).toMatchObject({ source, isFromHub: true });
    expect(new Set(modelLibrary.map(({ source }) => read(source).file)).size).toBe(modelLibrary.length);
  });
});
