import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DraftSync, type Save } from '../src/inbox/draft_sync';
import { isUnsaved, readDraft, setDraftOwner, writeDraft } from '../src/inbox/drafts';
import { conversation } from './support/examples';

const save = vi.fn<Save>();
let sync: DraftSync;

beforeEach(() => {
  vi.useFakeTimers({ now: 1000 });
  localStorage.clear();
  setDraftOwner('maria');
  save.mockReset().mockResolvedValue(undefined);
  sync = new DraftSync(save);
  sync.start();
});
afterEach(() => {
  sync.stop();
  vi.useRealTimers();
});

it('is on the server within two seconds, also while typing goes on', async () => {
  for (let letter = 1; letter <= 8; letter += 1) {
    writeDraft('a', 'reply', 'x'.repeat(letter));
    await vi.advanceTimersByTimeAsync(300);
  }
  expect(save.mock.calls.length).toBeGreaterThanOrEqual(2);
  await vi.advanceTimersByTimeAsync(2000);
  expect(save).toHaveBeenLastCalledWith('a', { text: 'xxxxxxxx', note: '' });
  expect(isUnsaved('a')).toBe(false);
});

it('is tried again after a failure, also by the next page', async () => {
  save.mockRejectedValueOnce(new Error('no network'));
  writeDraft('a', 'note', 'only us');
  await vi.advanceTimersByTimeAsync(1100);
  sync.stop();
  expect(isUnsaved('a')).toBe(true);

  sync.start();
  await vi.advanceTimersByTimeAsync(100);
  expect(save).toHaveBeenLastCalledWith('a', { text: '', note: 'only us' });
});

it('comes from another browser', () => {
  sync.adopt(conversation('a', { draft: { text: 'from the phone', note: '' } }), performance.now());
  expect(readDraft('a', 'reply')).toBe('from the phone');
  expect(isUnsaved('a')).toBe(false);
});

it('what is typed here wins over what the server has', () => {
  writeDraft('a', 'reply', 'typed here');
  sync.adopt(conversation('a', { draft: { text: 'older', note: '' } }), performance.now());
  expect(readDraft('a', 'reply')).toBe('typed here');
});

it('words that were sent do not come back with an answer asked for before', async () => {
  const askedAt = performance.now();
  writeDraft('a', 'reply', '');
  await vi.advanceTimersByTimeAsync(1100);
  sync.adopt(conversation('a', { draft: { text: 'sent already', note: '' } }), askedAt);
  expect(readDraft('a', 'reply')).toBe('');
});
