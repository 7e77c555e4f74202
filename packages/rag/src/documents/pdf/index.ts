export { pdfFormat } from './pdf-format.ts';
