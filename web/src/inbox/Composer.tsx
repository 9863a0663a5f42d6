// Where the answer is written: to the customer or, in another colour, a note for the team only.
import {
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
  type ClipboardEvent,
  type KeyboardEvent,
  type Ref,
} from 'react';
import { FileText, Paperclip, RectangleEllipsis, Reply, RotateCw, SendHorizontal, StickyNote, X } from 'lucide-react';
import type { Conversation, Message, Messenger } from '../api/client';
import { tellTyping } from '../api/more';
import { useServerNow } from '../app/clock';
import { sizeWords } from '../app/times';
import { t } from '../i18n/i18n';
import { attach, detach, detachAll, retryUpload, useAttachments, type Attachment } from './attachments';
import { ButtonsDialog } from './ButtonsDialog';
import { choicesBody } from './choices';
import { Conflict } from './Conflict';
import { useDraft, writeDraft, type Mode } from './drafts';
import { EditBox } from './EditBox';
import { useFileDrop } from './file_drop';
import { fitOf } from './fits';
import { sending, useInbox, useMessengerOf } from './live';
import { outgoing } from './outgoing';
import { nameOf, preview } from './preview';
import { isObstacle, writingState } from './reply_window';
import { Closed, WindowBar } from './WindowBar';

export interface ComposerHandle {
  focus(mode: Mode): void;
}

interface ComposerProps {
  ref: Ref<ComposerHandle>;
  conversation: Conversation;
  myName: string;
  seenMessageId: string | null;
  replyTo: Message | null;
  onReplyTo: (message: Message | null) => void;
  edited: Message | null; // in place of an answer
  onEdited: () => void;
  onEditLast: () => void;
  onTemplate: () => void;
  onDone: () => void;
}

const modes = new Map<string, Mode>(); // note mode stays until switched
const typingPause = 8000;

export function Composer(props: ComposerProps) {
  const { ref, conversation, myName, seenMessageId, replyTo, onReplyTo, onTemplate, onDone } = props;
  const { edited, onEdited, onEditLast } = props;
  const { id } = conversation;
  const [mode, setModeShown] = useState<Mode>(modes.get(id) ?? 'reply');
  const text = useDraft(id, mode);
  const replyDraft = useDraft(id, 'reply').trim();
  const files = useAttachments(id);
  const conflict = useInbox((inbox) =>
    inbox.local.find((send) => send.conversationId === id && send.state === 'conflict'),
  );
  const [isMakingButtons, setMakingButtons] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const wantsFocus = useRef(false);
  const typedAt = useRef(0);
  const messenger = useMessengerOf(conversation.channel_id);
  const isGone = useInbox((inbox) => inbox.messengers.size > 0 && !inbox.channels.has(conversation.channel_id));
  const state = writingState(conversation, isGone, useServerNow(1));
  const isClosed = isObstacle(state);

  const setMode = (next: Mode) => {
    modes.set(id, next);
    wantsFocus.current = true;
    setModeShown(next);
  };
  useEffect(() => {
    if (wantsFocus.current) area.current?.focus();
    wantsFocus.current = false;
  }, [mode]);
  const answered = useRef(replyTo?.id); // a reply kept from before takes no focus
  useEffect(() => {
    if (replyTo && answered.current !== replyTo.id) area.current?.focus();
    answered.current = replyTo?.id;
  }, [replyTo]);
  const hadConflict = useRef(false);
  useEffect(() => {
    if (hadConflict.current && !conflict) area.current?.focus(); // the focused button is gone
    hadConflict.current = conflict !== undefined;
  }, [conflict]);
  const hadEdited = useRef(false);
  useEffect(() => {
    if (hadEdited.current && !edited) area.current?.focus(); // the editor is gone
    hadEdited.current = edited !== null;
  }, [edited]);
  useImperativeHandle(ref, () => ({
    focus(wanted: Mode) {
      setMode(wanted);
      area.current?.focus();
    },
  }));

  const isNote = mode === 'note';
  const isDragged = useFileDrop(!isNote && !isClosed, (dropped) => {
    attach(id, dropped);
    area.current?.focus();
  });
  const isReady = isNote
    ? text.trim() !== ''
    : (text.trim() !== '' || files.length > 0) && files.every((file) => isTaken(file, messenger));

  const send = (): boolean => {
    if (!isReady || conflict) return false;
    if (isNote) {
      sending.send(id, { type: 'note', text: text.trim() }, { text: text.trim() }, null);
    } else {
      for (const { body, shown } of outgoing(
        text.trim(),
        files,
        replyTo?.id ?? null,
        messenger?.traits.files ?? null,
      ))
        sending.send(id, body, shown, seenMessageId);
      detachAll(id);
      onReplyTo(null);
    }
    writeDraft(id, mode, '');
    area.current?.focus();
    return true;
  };

  const typed = (next: string) => {
    writeDraft(id, mode, next);
    if (isNote || next === '' || Date.now() - typedAt.current < typingPause) return;
    typedAt.current = Date.now();
    tellTyping(id);
  };

  const keys = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === 'Escape' && replyTo) {
      event.stopPropagation();
      onReplyTo(null);
    }
    const isBare = !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key === 'ArrowUp' && isBare && text === '' && !isNote) {
      event.preventDefault();
      onEditLast();
    }
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || (event.shiftKey && !event.ctrlKey && !event.metaKey))
      return;
    event.preventDefault();
    const isSent = send();
    if (isSent && event.shiftKey) onDone(); // Ctrl+Shift+Enter
  };

  const paste = (event: ClipboardEvent) => {
    if (isNote || event.clipboardData.files.length === 0) return;
    event.preventDefault();
    attach(id, event.clipboardData.files);
  };

  if (edited) {
    return (
      <div className="composer">
        <EditBox key={edited.id + (edited.text ?? '')} message={edited} messenger={messenger} onClose={onEdited} />
      </div>
    );
  }
  if (isClosed && !isNote) {
    return (
      <div className="composer">
        {conflict?.theirs && <Conflict send={conflict} theirs={conflict.theirs} myName={myName} />}
        <Closed state={state} draft={replyDraft} onTemplate={onTemplate} onNote={() => setMode('note')} />
      </div>
    );
  }
  const boxNames = ['box', isNote ? 'noting' : '', isDragged ? 'dragged' : ''].filter(Boolean).join(' ');
  return (
    <div className="composer">
      {conflict?.theirs && (
        <Conflict key={conflict.clientId} send={conflict} theirs={conflict.theirs} myName={myName} />
      )}
      <WindowBar state={state} />
      <div className={boxNames} role="group" aria-label={t('composer.mode')}>
        {isDragged && <p className="drop">{t('composer.drop')}</p>}
        <div className="tabs" role="tablist" aria-label={t('composer.mode')}>
          <button
            type="button"
            role="tab"
            className="tab"
            aria-selected={!isNote}
            data-testid="reply-tab"
            onClick={() => setMode('reply')}
          >
            <Reply className="ic" />
            {t('composer.reply')}
          </button>
          <button
            type="button"
            role="tab"
            className="tab"
            aria-selected={isNote}
            data-testid="note-tab"
            onClick={() => setMode('note')}
          >
            <StickyNote className="ic" />
            {t('composer.note')}
          </button>
          {isNote && <span className="meta push cut">{t('composer.noteHint')}</span>}
        </div>
        {replyTo && !isNote && (
          <div className="answering">
            <span className="quote cut grow">
              <b>{t('composer.replyTo', { name: replyTo.author.name || nameOf(conversation) })}</b>{' '}
              {preview(replyTo)}
            </span>
            <button
              type="button"
              className="tool"
              aria-label={t('composer.dropReply')}
              title={t('composer.dropReply')}
              onClick={() => onReplyTo(null)}
            >
              <X className="ic" />
            </button>
          </div>
        )}
        {!isNote && files.length > 0 && <Files conversationId={id} files={files} messenger={messenger} />}
        <textarea
          ref={area}
          rows={2}
          value={text}
          aria-label={isNote ? t('composer.note') : t('composer.reply')}
          placeholder={isNote ? t('composer.noteHint') : t('composer.replyHint')}
          data-testid="composer-text"
          onChange={(event) => typed(event.target.value)}
          onKeyDown={keys}
          onPaste={paste}
        />
        <div className="t-bar">
          {!isNote && (
            <>
              <input
                ref={picker}
                type="file"
                multiple
                hidden
                data-testid="attach-input"
                onChange={(event) => {
                  attach(id, event.target.files ?? []);
                  event.target.value = '';
                  area.current?.focus();
                }}
              />
              <button
                type="button"
                className="tool"
                aria-label={t('composer.attach')}
                title={t('composer.attach')}
                onClick={() => picker.current?.click()}
              >
                <Paperclip className="ic" />
              </button>
              {messenger?.traits.has_templates !== false && (
                <button
                  type="button"
                  className="tool"
                  aria-label={t('composer.template')}
                  title={`${t('composer.template')} (T)`}
                  data-testid="template-open"
                  onClick={onTemplate}
                >
                  <FileText className="ic" />
                </button>
              )}
              <button
                type="button"
                className="tool"
                aria-label={t('buttons.title')}
                title={t('buttons.title')}
                data-testid="buttons-open"
                onClick={() => setMakingButtons(true)}
              >
                <RectangleEllipsis className="ic" />
              </button>
            </>
          )}
          {!isNote && isLong(text, messenger) && (
            <span className="meta cut" data-testid="in-parts">
              {t('composer.parts', { title: messenger?.title ?? '' })}
            </span>
          )}
          <span className="push" />
          <span className="meta only-wide">
            <kbd>Enter</kbd>
          </span>
          <button
            type="button"
            className="btn btn-primary"
            data-testid="composer-send"
            disabled={!isReady || conflict !== undefined}
            onClick={send}
          >
            <SendHorizontal className="ic" />
            {isNote ? t('composer.save') : t('composer.send')}
          </button>
        </div>
      </div>
      {isMakingButtons && (
        <ButtonsDialog
          text={text}
          messenger={messenger}
          onClose={() => setMakingButtons(false)}
          onSend={(body, titles) => {
            sending.send(id, choicesBody(body, titles), { text: body }, seenMessageId);
            writeDraft(id, 'reply', '');
            setMakingButtons(false);
          }}
        />
      )}
    </div>
  );
}

function isTaken({ upload }: Attachment, messenger: Messenger | undefined): boolean {
  return upload !== null && (!messenger || fitOf(messenger.traits.files, upload).kind !== null);
}

function isLong(text: string, messenger: Messenger | undefined): boolean {
  return messenger !== undefined && text.length > messenger.traits.most_text;
}

// What of the file will not be as it is, said before it is sent; empty: nothing.
function fitWords({ upload }: Attachment, messenger: Messenger | undefined): string {
  if (upload === null || !messenger) return '';
  const fit = fitOf(messenger.traits.files, upload);
  if (fit.kind !== null) return fit.isChanged ? t('composer.asFile') : '';
  const { title } = messenger;
  return fit.most === 0
    ? t('composer.notTaken', { title })
    : t('composer.tooLarge', { title, size: sizeWords(fit.most) });
}

interface FilesProps {
  conversationId: string;
  files: readonly Attachment[];
  messenger: Messenger | undefined;
}

function Files({ conversationId, files, messenger }: FilesProps) {
  return (
    <ul className="files">
      {files.map((attachment) => (
        <li
          key={attachment.key}
          className={
            attachment.error === null && (attachment.upload === null || isTaken(attachment, messenger))
              ? 'chip'
              : 'chip chip-bad'
          }
          data-testid="attachment"
          data-ready={attachment.upload !== null}
        >
          <Paperclip className="ic" />
          <span className="cut">{attachment.name}</span>
          <span className="num">
            {attachment.error ??
              (attachment.upload ? sizeWords(attachment.size) : `${Math.round(attachment.part * 100)} %`)}
          </span>
          {fitWords(attachment, messenger) !== '' && (
            <span data-testid="file-fit">{fitWords(attachment, messenger)}</span>
          )}
          {attachment.error !== null && (
            <button
              type="button"
              aria-label={t('failed.retry')}
              title={t('failed.retry')}
              onClick={() => retryUpload(conversationId, attachment)}
            >
              <RotateCw className="ic" />
            </button>
          )}
          <button
            type="button"
            aria-label={t('composer.detach', { name: attachment.name })}
            title={t('composer.detach', { name: attachment.name })}
            onClick={() => detach(conversationId, attachment.key)}
          >
            <X className="ic" />
          </button>
        </li>
      ))}
    </ul>
  );
}
