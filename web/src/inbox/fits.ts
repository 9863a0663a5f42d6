// Whether a messenger takes a file as it is, as a plain file, or not at all. The limits are the server's.
import type { Messenger } from '../api/client';
import type { FileKind, Upload } from '../api/more';

export type Fit = { kind: FileKind; isChanged: boolean } | { kind: null; most: number };

type Limits = Messenger['traits']['files'];

export function fitOf(limits: Limits, { kind, mime, size }: Pick<Upload, 'kind' | 'mime' | 'size'>): Fit {
  const of = (wanted: FileKind) =>
    limits.find((one) => one.kind === wanted && (one.mimes === null || one.mimes.split(' ').includes(mime)));
  const own = of(kind);
  if (own && size <= own.most_bytes) return { kind, isChanged: false };
  const plain = of('document');
  if (kind !== 'document' && plain && size <= plain.most_bytes) return { kind: 'document', isChanged: true };
  return { kind: null, most: Math.max(0, own?.most_bytes ?? 0, plain?.most_bytes ?? 0) };
}
