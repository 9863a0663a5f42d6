import { cleanup, render, screen } from '@testing-library/react';
import { createElement } from 'react';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { changesOf } from '../src/channels/ChannelForm';
import { loadLanguage } from '../src/i18n/i18n';
import { untold } from '../src/inbox/Status';
import { channelTitle } from '../src/inbox/preview';
import { ChannelGlyph } from '../src/kit/Avatar';
import { blocksOf, Markdown } from '../src/kit/Markdown';
import { fieldWords, type MessengerWords } from '../src/messengers/words';
import { channel, messenger } from './support/examples';

beforeAll(() => loadLanguage('en'));
afterEach(cleanup);

const files = import.meta.glob<MessengerWords>(['../src/messengers/*.ts', '!../src/messengers/words.ts'], {
  import: 'words',
  eager: true,
});

describe.each(Object.entries(files))('the words of %s', (_path, words) => {
  it('say the same in both languages', () => {
    const shapeOf = (language: 'en' | 'ru') => ({
      before: words[language].before.length,
      webhook: words[language].webhook.length,
      fields: Object.entries(words[language].fields).map(([key, said]) => [key, said.help === undefined]),
    });
    expect(shapeOf('ru')).toEqual(shapeOf('en'));
    expect(words.en.before.length).toBeGreaterThan(0);
  });
});

describe('the form of a channel', () => {
  it('gives a new one all that was filled in, secrets apart', () => {
    const words = { name: 'Support', number_id: '100', token: 'secret', base_url: '' };
    expect(changesOf(messenger(), null, words)).toEqual({
      settings: { number_id: '100' },
      credentials: { token: 'secret' },
    });
  });

  it('gives an old one what differs: an emptied setting is emptied, an empty secret stays', () => {
    const before = channel({ number_id: '100', base_url: 'https://other.example' });
    const words = { number_id: '100', token: '', base_url: '' };
    expect(changesOf(messenger(), before, words)).toEqual({ settings: { base_url: '' }, credentials: {} });
  });

  it('names a field by its messenger, else by what it means everywhere, else by its key', () => {
    const own: MessengerWords = {
      en: { before: [], webhook: [], fields: { base_url: { label: 'Server' } } },
      ru: { before: [], webhook: [], fields: {} },
    };
    expect(fieldWords(own, 'en', 'base_url').label).toBe('Server');
    expect(fieldWords(own, 'ru', 'base_url').label).toBe('Address of the API');
    expect(fieldWords(null, 'en', 'odd_key')).toEqual({ label: 'odd_key' });
  });
});

describe('what is said of a messenger', () => {
  it('names the marks that it does not give', () => {
    expect(untold(messenger())).toBe('');
    expect(untold(messenger({ tells_delivered: false, tells_read: false }))).toContain('delivered or read');
    expect(untold(messenger({ tells_delivered: false }))).toBe('WhatsApp does not tell what was delivered');
    expect(untold(messenger({ tells_read: false }))).toBe('WhatsApp does not tell what was read');
  });

  it('says that it is unofficial wherever its mark stands', () => {
    expect(channelTitle(channel(), messenger())).toBe('Support · WhatsApp');
    expect(channelTitle(channel(), messenger({ is_official: false }))).toBe('Support · WhatsApp · unofficial');
    expect(channelTitle(undefined, undefined)).toBe('The channel was disconnected');
  });

  it('is two letters: its capitals, or its beginning', () => {
    for (const [name, letters] of Object.entries({ WhatsApp: 'WA', VK: 'VK', Telegram: 'TE', '': '··' })) {
      const { container } = render(createElement(ChannelGlyph, { messenger: name, title: name }));
      expect(container.textContent).toBe(letters);
    }
  });
});

describe('a page of the documentation', () => {
  it('becomes headings, lists, tables and text', () => {
    const text = '# Title\n\nOne\ntwo.\n\n## Steps\n\n1. First\n   goes on\n2. Second\n\n- dot\n\n| A | B |\n|---|---|\n| 1 | `x` |\n';
    expect(blocksOf(text)).toEqual([
      { kind: 'heading', level: 1, text: 'Title' },
      { kind: 'text', text: 'One two.' },
      { kind: 'heading', level: 2, text: 'Steps' },
      { kind: 'list', isOrdered: true, items: ['First goes on', 'Second'] },
      { kind: 'list', isOrdered: false, items: ['dot'] },
      { kind: 'table', head: ['A', 'B'], rows: [['1', '`x`']] },
    ]);
  });

  it('shows bold, code and links to the outside, and nothing as markup', () => {
    render(
      createElement(Markdown, { text: '**Bold** `code` [out](https://a.example) [in](other.md) <img src=x>' }),
    );
    expect(screen.getByText('Bold').tagName).toBe('B');
    expect(screen.getByText('code').tagName).toBe('CODE');
    expect(screen.getByRole('link').getAttribute('href')).toBe('https://a.example');
    expect(document.querySelector('img')).toBeNull();
    expect(document.body.textContent).toContain('in <img src=x>');
  });
});
