import { expect, it } from 'vitest';
import type { Template } from '../src/api/client';
import { outgoing } from '../src/inbox/outgoing';
import { filledText, isFilled, piecesOf, sortTemplates } from '../src/inbox/template_text';

const template: Template = {
  name: 'issue_solved',
  language: 'en',
  status: 'approved',
  category: 'utility',
  header: 'Request {{1}}',
  body: 'Hello {{1}}! {{what}} is done.',
  footer: 'Okno',
  buttons: [],
  variables: ['1', 'what', 'header:1'],
};

it('the header has values of its own', () => {
  const values = { '1': 'Katerina', what: 'It', 'header:1': '1024' };
  expect(filledText(template, values)).toBe('Request 1024\nHello Katerina! It is done.\nOkno');
});

it('an empty value stays marked and blocks sending', () => {
  expect(piecesOf(template.body, { '1': ' ', what: 'It' })[1]).toEqual({ text: '{{1}}', variable: '1' });
  expect(isFilled(template, { '1': 'a', what: ' ', 'header:1': 'b' })).toBe(false);
  expect(isFilled(template, { '1': 'a', what: 'b', 'header:1': 'c' })).toBe(true);
});

it('recent templates come first, and those that may not be sent apart', () => {
  const all = [template, { ...template, name: 'a' }, { ...template, name: 'b', status: 'rejected' }];
  const { approved, others } = sortTemplates(all, '', ['issue_solved en']);
  expect(approved.map((one) => one.name)).toEqual(['issue_solved', 'a']);
  expect(others.map((one) => one.name)).toEqual(['b']);
});

const file = (kind: 'image' | 'audio', id: string) => ({
  key: id,
  name: id,
  size: 1,
  file: new File([], id),
  part: 1,
  error: null,
  upload: { id, kind, name: id, mime: '', size: 1 },
});

it('one press of Send is one message a file, with the words as the first caption', () => {
  expect(outgoing('words', [file('image', 'a'), file('image', 'b')], 'r', null).map((one) => one.body)).toEqual([
    { type: 'image', upload_id: 'a', text: 'words', reply_to: 'r' },
    { type: 'image', upload_id: 'b' },
  ]);
  expect(outgoing('words', [file('audio', 'a')], null, null).map((one) => one.body)).toEqual([
    { type: 'audio', upload_id: 'a' },
    { type: 'text', text: 'words' },
  ]);
});
