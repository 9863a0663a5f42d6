// What a message says, by its kind. A kind we do not know is a labelled card, never an empty bubble.
import type { ReactNode } from 'react';
import { CircleHelp, FileText, Forward, MapPin, Megaphone, Package, Reply, ShoppingCart, User } from 'lucide-react';
import type { Message } from '../api/client';
import { language, t } from '../i18n/i18n';
import { Attached } from './Attached';
import { kindWords } from './preview';

type Fields = Readonly<Record<string, unknown>>;

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function word(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

// Links become links and nothing else does: what a customer writes is text.
export function Words({ text }: { text: string }) {
  const parts = text.split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}»”'])/g);
  const found: ReactNode[] = parts.map((part, index) =>
    // oxlint-disable-next-line react/no-array-index-key -- parts of one text never change places
    index % 2 === 1 ? (
      <a key={index} href={part} target="_blank" rel="noopener noreferrer">
        {part}
      </a>
    ) : (
      part
    ),
  );
  return <span className="words">{found}</span>;
}

function Place({ content }: { content: Fields }) {
  const latitude = word(content['latitude']);
  const longitude = word(content['longitude']);
  const point = `${latitude},${longitude}`;
  return (
    <span className="card-line">
      <MapPin className="ic ic-20" />
      <span>
        {word(content['name']) && <b>{word(content['name'])}</b>}
        {word(content['address']) && <span className="facts-line">{word(content['address'])}</span>}
        <a
          href={`https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`}
          target="_blank"
          rel="noopener noreferrer"
        >
          {t('message.map', { point })}
        </a>
      </span>
    </span>
  );
}

function People({ content }: { content: Fields }) {
  return list(content['contacts']).map((entry) => {
    const name = word(fields(fields(entry)['name'])['formatted_name']);
    const numbers = list(fields(entry)['phones']).map((phone) => word(fields(phone)['phone']));
    const mails = list(fields(entry)['emails']).map((mail) => word(fields(mail)['email']));
    const company = fields(fields(entry)['org']);
    const place = [word(company['title']), word(company['company'])].filter(Boolean).join(', ');
    return (
      <span className="card-line" key={name + numbers.join()}>
        <User className="ic ic-20" />
        <span>
          <b>{name || t('kind.contacts')}</b>
          {place && <span className="facts-line">{place}</span>}
          {numbers.map((number) => (
            <a className="facts-line" key={number} href={`tel:${number.replace(/[^\d+]/g, '')}`}>
              {number}
            </a>
          ))}
          {mails.map((mail) => (
            <a className="facts-line" key={mail} href={`mailto:${mail}`}>
              {mail}
            </a>
          ))}
        </span>
      </span>
    );
  });
}

function Buttons({ titles }: { titles: readonly string[] }) {
  return titles.map((title) => (
    <span className="wbtn" key={title}>
      <Reply className="ic" />
      {title}
    </span>
  ));
}

function buttonTitles(content: Fields): string[] {
  const buttons = list(
    content['buttons'] ?? fields(content['interactive'])['buttons'] ?? fields(content['action'])['buttons'],
  );
  const opener = word(content['button']) || word(content['title']); // of a list, of a link
  if (opener) return [opener];
  return buttons
    .map((button) => word(button) || word(fields(button)['title']) || word(fields(fields(button)['reply'])['title']))
    .filter(Boolean);
}

function Interactive({ message }: { message: Message }) {
  const isAnswer = message.direction === 'inbound';
  const reply = fields(message.content['button_reply'] ?? message.content['list_reply']);
  const body =
    message.text ||
    word(message.content['body']) ||
    word(fields(message.content['interactive'])['body']) ||
    word(reply['title']);
  return (
    <>
      {isAnswer && (
        <span className="kind">
          <Reply className="ic" />
          {t('message.pressed')}
        </span>
      )}
      <Words text={body || kindWords('interactive')} />
      {word(message.content['typed']) && (
        <span className="facts-line">{t('message.typed', { words: word(message.content['typed']) })}</span>
      )}
      {word(reply['description']) && <span className="facts-line">{word(reply['description'])}</span>}
      {!isAnswer && <Buttons titles={buttonTitles(message.content)} />}
    </>
  );
}

function money(sum: number, currency: string): string {
  try {
    return new Intl.NumberFormat(language(), { style: 'currency', currency }).format(sum);
  } catch {
    return `${sum} ${currency}`; // not a currency that this browser knows
  }
}

function Order({ content, text }: { content: Fields; text: string | null }) {
  const items = list(content['product_items']).map(fields);
  const currency = word(items[0]?.['currency']);
  const sumOf = (item: Fields) => Number(item['item_price'] ?? 0) * Number(item['quantity'] ?? 1);
  const total = items.reduce((sum, item) => sum + sumOf(item), 0);
  return (
    <span className="card-line">
      <ShoppingCart className="ic ic-20" />
      <span>
        <b>
          {t('message.order')}, {t('message.items', { count: items.length })}
        </b>
        {items.map((item) => {
          const name = word(item['product_retailer_id']);
          return (
            <span className="facts-line num" key={name}>
              {name} × {word(item['quantity'])}
              {currency && `, ${money(sumOf(item), currency)}`}
            </span>
          );
        })}
        {currency && <span>{t('message.orderTotal', { sum: money(total, currency) })}</span>}
        {text && <Words text={text} />}
      </span>
    </span>
  );
}

// Where the message came from: an advertisement, a product, another chat.
export function Origin({ content }: { content: Fields }) {
  const ad = fields(content['referral']);
  const product = word(fields(content['referred_product'])['product_retailer_id']);
  const address = word(ad['source_url']);
  return (
    <>
      {content['forwarded'] === true && (
        <span className="kind">
          <Forward className="ic" />
          {t('message.forwarded')}
        </span>
      )}
      {content['referral'] !== undefined && (
        <span className="origin">
          <span className="kind">
            <Megaphone className="ic" />
            {t('message.ad')}
          </span>
          {word(ad['headline']) && <b>{word(ad['headline'])}</b>}
          {word(ad['body']) && <span className="facts-line">{word(ad['body'])}</span>}
          {/^https?:\/\//.test(address) && (
            <a className="facts-line" href={address} target="_blank" rel="noopener noreferrer">
              {address}
            </a>
          )}
        </span>
      )}
      {product && (
        <span className="kind">
          <Package className="ic" />
          {t('message.product', { id: product })}
        </span>
      )}
    </>
  );
}

function Unsupported({ message }: { message: Message }) {
  const raw = message.content['raw'];
  const kind = word(message.content['kind']) || word(message.content['type']) || message.type;
  return (
    <span className="card-line">
      <CircleHelp className="ic ic-20" />
      <span>
        <b>{kindWords(kind)}</b>
        <span className="facts-line">{word(message.content['reason']) || t('message.unsupported')}</span>
        {message.text && <Words text={message.text} />}
        {raw !== undefined && (
          <details>
            <summary>{t('message.raw')}</summary>
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keyboard */}
            <pre className="mono raw" tabIndex={0}>
              {JSON.stringify(raw, null, 2)}
            </pre>
          </details>
        )}
      </span>
    </span>
  );
}

export function Body({ message }: { message: Message }) {
  const { type, text, content, media } = message;
  switch (type) {
    case 'text':
      return <Words text={text ?? ''} />;
    case 'template':
      return (
        <>
          <span className="kind">
            <FileText className="ic" />
            {t('message.template', { name: word(content['name']) })}
          </span>
          {text && <Words text={text} />}
          <Buttons titles={buttonTitles(content)} />
        </>
      );
    case 'image':
    case 'video':
    case 'audio':
    case 'document':
    case 'sticker':
      return (
        <>
          {media.map((item) => (
            <Attached key={item.id} media={item} />
          ))}
          {media.length === 0 && <span className="kind">{kindWords(type)}</span>}
          {text && <Words text={text} />}
        </>
      );
    case 'location':
      return <Place content={fields(content['location'] ?? content)} />;
    case 'order':
      return <Order content={content} text={text} />;
    case 'contacts':
      return <People content={content} />;
    case 'interactive':
    case 'button':
      return <Interactive message={message} />;
    case 'reaction':
      return (
        <span className="words">
          {t('kind.reaction')} {word(content['emoji']) || text}
        </span>
      );
    default:
      return <Unsupported message={message} />;
  }
}
