import type { Address, Attachment, Email } from 'postal-mime';
import { ParleyError } from '@parley/contracts';
import { assembleDocument } from '../assemble-document.ts';
import type { Format } from '../format.ts';
import { fragmentText } from '../html/fragment-text.ts';
import { createMarks, type TextMarks } from '../text-marks.ts';

/** As deep as mails are attached to mails in each other. */
const MAX_NESTING = 20;
const MAX_HEADER_BYTES = 1024 * 1024;

/** Mails: who wrote what to whom and when, the text, and what was attached by its name. */
export const emailFormat: Format = {
  name: 'e-mail',
  async parse(bytes, context) {
    const mail = await readMail(bytes);
    const marks = createMarks();
    const blocks = [headerText(mail), await bodyText(mail, marks), attachmentText(mail.attachments)];
    const parts = [blocks.filter((block) => block !== '').join('\n\n')];
    return assembleDocument({ mediaType: 'message/rfc822', title: mail.subject ?? null, parts, marks }, context);
  },
};

async function readMail(bytes: Uint8Array): Promise<Email> {
  const { default: PostalMime } = await import('postal-mime');
  try {
    return await PostalMime.parse(new Uint8Array(bytes), {
      maxNestingDepth: MAX_NESTING,
      maxHeadersSize: MAX_HEADER_BYTES,
    });
  } catch (error) {
    throw new ParleyError('document_unreadable', 'The mail is damaged and cannot be read.', { cause: error });
  }
}

function headerText({ subject, from, to, cc, date }: Email): string {
  const lines = [
    ['From', addressText(from ? [from] : [])],
    ['To', addressText(to ?? [])],
    ['Cc', addressText(cc ?? [])],
    ['Date', dateText(date)],
  ];
  const filled = lines.filter(([, value]) => value !== '').map(([name, value]) => `- ${name}: ${value}`);
  return [...(subject?.trim() ? [`# ${subject.trim()}`] : []), filled.join('\n')].join('\n\n').trim();
}

function addressText(addresses: readonly Address[]): string {
  return addresses
    .flatMap(({ name, address, group }) =>
      group ? group.map(oneAddress) : [oneAddress({ name, address: address ?? '' })],
    )
    .filter((text) => text !== '')
    .join(', ');
}

function oneAddress({ name, address }: { name: string; address: string }): string {
  if (name === '' || name === address) return address;
  return address === '' ? name : `${name} <${address}>`;
}

function dateText(date: string | undefined): string {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? (date ?? '') : new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}

/** The HTML part says more of headings and tables; the text part serves where there is none. */
async function bodyText({ html, text }: Email, marks: TextMarks): Promise<string> {
  const fromHtml = html ? (await fragmentText(html, marks)).text : '';
  return fromHtml === '' ? (text ?? '').trim() : fromHtml;
}

function attachmentText(attachments: readonly Attachment[]): string {
  const names = attachments
    .filter(({ related, disposition }) => !related || disposition === 'attachment')
    .map(({ filename, mimeType }) => `- ${filename ?? mimeType}`);
  return names.length === 0 ? '' : `Attachments:\n\n${names.join('\n')}`;
}
