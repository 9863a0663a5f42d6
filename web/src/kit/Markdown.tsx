// Shows the documentation inside the pages: headings, lists, tables, paragraphs; bold, code and links in them. Nothing
// of the text becomes markup by itself.
import type { ReactNode } from 'react';

type Block =
  | { kind: 'heading'; level: number; text: string }
  | { kind: 'list'; isOrdered: boolean; items: string[] }
  | { kind: 'table'; head: string[]; rows: string[][] }
  | { kind: 'text'; text: string };

function cells(line: string): string[] {
  return line
    .replace(/^\||\|\s*$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}

const item = /^(?:[-*]|(\d+)\.)\s+(.*)$/;

export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let isOpen = false; // whether a line goes on with the last block
  for (const raw of markdown.split('\n')) {
    const line = raw.trimEnd();
    const last = blocks[blocks.length - 1];
    const heading = /^(#{1,4})\s+(.*)$/.exec(line);
    const listed = item.exec(line);
    if (line.trim() === '') {
      isOpen = false;
    } else if (heading) {
      blocks.push({ kind: 'heading', level: (heading[1] ?? '').length, text: heading[2] ?? '' });
      isOpen = false;
    } else if (line.startsWith('|')) {
      if (!isOpen || last?.kind !== 'table') blocks.push({ kind: 'table', head: cells(line), rows: [] });
      else if (!/^[|\s:-]+$/.test(line)) last.rows.push(cells(line));
      isOpen = true;
    } else if (listed) {
      const isOrdered = listed[1] !== undefined;
      if (last?.kind === 'list' && last.isOrdered === isOrdered) last.items.push(listed[2] ?? '');
      else blocks.push({ kind: 'list', isOrdered, items: [listed[2] ?? ''] });
      isOpen = true;
    } else if (isOpen && last?.kind === 'list') {
      last.items.push(`${last.items.pop() ?? ''} ${line.trim()}`);
    } else if (isOpen && last?.kind === 'text') {
      last.text += ` ${line.trim()}`;
    } else {
      blocks.push({ kind: 'text', text: line.trim() });
      isOpen = true;
    }
  }
  return blocks;
}

export function Inline({ text }: { text: string }) {
  const parts = text.split(/(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\([^)\s]+\))/g);
  return parts.map((part, index): ReactNode => {
    const link = /^\[([^\]]+)\]\(([^)\s]+)\)$/.exec(part);
    const key = `${index} ${part}`;
    if (part.startsWith('`') && part.length > 2) return <code key={key}>{part.slice(1, -1)}</code>;
    if (part.startsWith('**') && part.length > 4) return <b key={key}>{part.slice(2, -2)}</b>;
    if (link && /^https?:\/\//.test(link[2] ?? ''))
      return (
        <a key={key} href={link[2]} target="_blank" rel="noopener noreferrer">
          {link[1]}
        </a>
      );
    return link ? link[1] : part; // a link inside the repository leads nowhere here
  });
}

function Heading({ level, text }: { level: number; text: string }) {
  const words = <Inline text={text} />;
  return level <= 2 ? <h3>{words}</h3> : <h4>{words}</h4>;
}

function One({ block }: { block: Block }) {
  switch (block.kind) {
    case 'heading':
      return <Heading level={block.level} text={block.text} />;
    case 'list': {
      const items = block.items.map((text) => (
        <li key={text}>
          <Inline text={text} />
        </li>
      ));
      return block.isOrdered ? <ol>{items}</ol> : <ul>{items}</ul>;
    }
    case 'table':
      return (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keyboard
        <div className="wide" tabIndex={0}>
          <table>
            <thead>
              <tr>
                {block.head.map((cell) => (
                  <th key={cell} scope="col">
                    <Inline text={cell} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((row) => (
                <tr key={row.join('|')}>
                  {row.map((cell, index) => (
                    <td key={`${index} ${cell}`}>
                      <Inline text={cell} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
    case 'text':
      return (
        <p>
          <Inline text={block.text} />
        </p>
      );
  }
}

// The title of the page is left out: whoever shows it has a title of their own.
export function Markdown({ text }: { text: string }) {
  const blocks = blocksOf(text).filter((block) => block.kind !== 'heading' || block.level > 1);
  return (
    <div className="markdown">
      {blocks.map((block, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- blocks of one text never change places
        <One key={index} block={block} />
      ))}
    </div>
  );
}
