// A file of a message: picture, video, sound, document or sticker, also while it is not here yet.
// Boxes have their size before the picture comes, so that nothing jumps.
import { useState } from 'react';
import { Download, FileText, Image as ImageIcon, LoaderCircle, Video } from 'lucide-react';
import type { Media } from '../api/client';
import { sizeWords } from '../app/times';
import { t } from '../i18n/i18n';
import { Dialog } from '../kit/Dialog';
import { Player } from './Player';
import { kindWords } from './preview';

function FileLine({ media, words }: { media: Media; words: string | null }) {
  const Icon =
    media.kind === 'image' || media.kind === 'sticker' ? ImageIcon : media.kind === 'video' ? Video : FileText;
  const name = media.name ?? kindWords(media.kind);
  const facts = [media.size === null ? '' : sizeWords(media.size), words ?? ''].filter(Boolean).join(' · ');
  return (
    <span className="file">
      <Icon className="ic" />
      <span className="grow">
        <span className="file-name">{name}</span>
        {facts && <span className="meta"> {facts}</span>}
      </span>
      {media.url && (
        <a
          className="tool"
          href={media.url}
          download={media.name ?? ''}
          aria-label={`${t('media.download')}: ${name}`}
          title={t('media.download')}
        >
          <Download className="ic" />
        </a>
      )}
    </span>
  );
}

function Picture({ media, url, label }: { media: Media; url: string; label: string }) {
  const [isLarge, setLarge] = useState(false);
  const [failed, setFailed] = useState(false);
  if (failed) return <FileLine media={media} words={null} />;
  const isSticker = media.kind === 'sticker';
  return (
    <>
      <button
        type="button"
        className={isSticker ? 'pic sticker' : 'pic'}
        aria-label={`${t('media.open')}: ${label}`}
        onClick={() => setLarge(true)}
      >
        <img src={url} alt={label} loading="lazy" decoding="async" onError={() => setFailed(true)} />
      </button>
      {isLarge && (
        <Dialog
          title={label}
          className="large"
          onClose={() => setLarge(false)}
          footer={
            <a className="btn push" href={url} download={media.name ?? ''}>
              <Download className="ic" />
              {t('media.download')}
            </a>
          }
        >
          <img src={url} alt={label} />
        </Dialog>
      )}
    </>
  );
}

const states: Record<string, 'media.loading' | 'media.failed' | 'media.sending'> = {
  waiting: 'media.loading',
  loading: 'media.loading',
  sending: 'media.sending',
  failed: 'media.failed',
};

export function Attached({ media }: { media: Media }) {
  const { url } = media;
  const label = media.name ?? kindWords(media.kind);
  if (url === null || media.state === 'failed') {
    const words = states[media.state];
    return (
      <span className="row">
        <FileLine media={media} words={words ? t(words) : null} />
        {media.state !== 'failed' && <LoaderCircle className="ic spin" aria-hidden="true" />}
      </span>
    );
  }
  switch (media.kind) {
    case 'image':
    case 'sticker':
      return <Picture media={media} url={url} label={label} />;
    case 'video':
      // oxlint-disable-next-line jsx-a11y/media-has-caption -- what a customer sent has no captions
      return <video className="film" src={url} controls preload="metadata" aria-label={label} />;
    case 'audio':
    case 'voice':
      return <Player url={url} name={label} />;
    default:
      return <FileLine media={media} words={null} />;
  }
}
